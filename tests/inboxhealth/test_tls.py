"""Over TLS the same promises hold: the certificate is checked, the deadline is total, nothing unsent is
unknown.
"""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
import time
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from integrations.inboxhealth.outcome import Outcome
from tests.inboxhealth.conftest import PATIENT, ClientFor, Serve
from tests.inboxhealth.raw_server import answer, drips, sends

# For a busy machine; what the servers here do lasts three seconds and longer.
SLACK = 1.5
GOOD = answer(201, b'{"patient": {"id": 7}}')


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 and its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    encoding = serialization.Encoding.PEM
    private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(private + signed.public_bytes(encoding))
    return file


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_a_trusted_server_is_spoken_to(
    serve: Serve, client_for: ClientFor, tls: ssl.SSLContext, certificate: Path
) -> None:
    server = serve(sends(GOOD), tls=tls)
    reply = client_for(server.url, ca_bundle=str(certificate)).call("patients.create", body=PATIENT)
    assert reply.outcome is Outcome.ACCEPTED


def test_an_unknown_certificate_ends_the_call_before_anything_is_said(
    serve: Serve, client_for: ClientFor, tls: ssl.SSLContext
) -> None:
    server = serve(sends(GOOD), tls=tls)
    reply = client_for(server.url).call("patients.create", body=PATIENT)
    assert (reply.outcome, reply.reason) == (Outcome.NOT_PROCESSED, "tls")
    assert server.requests == []


def test_a_certificate_for_another_name_is_refused(
    serve: Serve, client_for: ClientFor, tls: ssl.SSLContext, certificate: Path
) -> None:
    server = serve(sends(GOOD), tls=tls)
    client = client_for(server.url.replace("127.0.0.1", "localhost"), ca_bundle=str(certificate))
    assert client.call("patients.create", body=PATIENT).reason == "tls"
    assert server.requests == []


def test_a_handshake_that_hangs_was_never_processed(client_for: ClientFor) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"https://127.0.0.1:{listener.getsockname()[1]}/partner/v2"
        start = time.monotonic()
        reply = client_for(url, deadline=0.5).call("patients.create", body=PATIENT)
    assert time.monotonic() - start < 0.5 + SLACK
    assert (reply.outcome, reply.reason) == (Outcome.NOT_PROCESSED, "connect_timeout")


def test_a_dripping_answer_ends_by_the_deadline(
    serve: Serve, client_for: ClientFor, tls: ssl.SSLContext, certificate: Path
) -> None:
    server = serve(drips(GOOD), tls=tls)
    start = time.monotonic()
    reply = client_for(server.url, deadline=0.5, ca_bundle=str(certificate)).call(
        "patients.create", body=PATIENT
    )
    assert time.monotonic() - start < 0.5 + SLACK
    assert (reply.outcome, reply.reason) == (Outcome.UNKNOWN, "read_timeout")


def test_plain_http_where_tls_is_expected_was_never_processed(serve: Serve, client_for: ClientFor) -> None:
    server = serve(sends(GOOD))
    reply = client_for(server.url.replace("http:", "https:"), deadline=1).call(
        "patients.create", body=PATIENT
    )
    assert reply.outcome is Outcome.NOT_PROCESSED
