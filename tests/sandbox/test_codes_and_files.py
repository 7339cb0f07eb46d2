"""Payment reasons, write-off codes, attachments and uploads."""

from __future__ import annotations

from tests.sandbox.conftest import Caller, basic
from tests.sandbox.money import Books, refused
from tests.sandbox_process import Sandbox


def test_an_enterprise_lists_its_own_codes(api: Caller, enterprise: int) -> None:
    other = api.create("enterprise", name="Other")["id"]
    for noun in ("payment_reason", "write_off_code"):
        own = api.create(noun, enterprise_id=enterprise, code="044", description="Debt forgiveness")
        api.create(noun, enterprise_id=other, code="044")
        assert api.ids(f"/enterprises/{enterprise}/{noun}s") == [own["id"]]
        assert len(api.ids(f"/{noun}s")) == 2


def test_a_write_off_code_can_not_be_changed(api: Caller, enterprise: int) -> None:
    code = api.create("write_off_code", enterprise_id=enterprise, code="1")["id"]
    assert api.call("PUT", f"/write_off_codes/{code}", {"write_off_code": {"code": "2"}}).status == 404
    reason = api.create("payment_reason", enterprise_id=enterprise, code="1")["id"]
    changed = api.call("PUT", f"/payment_reasons/{reason}", {"payment_reason": {"code": "2"}})
    assert changed.json["payment_reason"]["code"] == "2"


def test_a_code_of_another_enterprise_does_not_fit(books: Books) -> None:
    other = books.api.create("enterprise", name="Other")["id"]
    code = books.api.create("write_off_code", enterprise_id=other, code="1")["id"]
    sent = {"patient_id": books.patient, "date": "2020-01-24", "write_off_code_id": code, "amount_cents": 1}
    said = {"write_off_code_id": ["must belong to the same enterprise"]}
    assert refused(books.api.call("POST", "/write_offs", {"write_off": sent})) == said


def test_reasons_are_kept_with_their_invoice_payment(books: Books) -> None:
    one, two = (
        books.api.create("payment_reason", enterprise_id=books.enterprise, code=code)["id"]
        for code in ("CO-3", "CO-45")
    )
    attribute = "payment_reasons_invoice_payments_attributes"
    invoice, payment = books.invoice((100, 0)), books.payment(100)
    applied = books.apply(payment, invoice, 50, **{attribute: [{"payment_reason_id": one}]})
    (link,) = books.read("invoice_payment", applied)["payment_reasons_invoice_payments"]
    changed = [{"id": link["id"], "payment_reason_id": two}, {"payment_reason_id": one}]
    books.change("invoice_payment", applied, **{attribute: changed})
    links = books.read("invoice_payment", applied)["payment_reasons_invoice_payments"]
    assert [row["payment_reason_id"] for row in links] == [two, one]
    seen = books.change("invoice_payment", applied, **{attribute: [{"payment_reason_id": 1}]})
    assert refused(seen) == {"payment_reasons_invoice_payments.payment_reason_id": ["must exist"]}


def test_the_answer_may_hold_an_invoices_lines(sandbox: Sandbox, books: Books) -> None:
    assert "line_items" not in books.read("invoice", books.invoice((100, 0)))
    sandbox.assume(nested_line_items_in_answer="yes")
    (line,) = books.read("invoice", books.invoice((200, 0)))["line_items"]
    assert line["total_charge_amount_cents"] == 200


def test_an_attachment_can_be_fetched_changed_and_deleted(api: Caller, enterprise: int) -> None:
    sent = {"enterprise_id": enterprise, "mime_type": "image/jpeg", "size": 500, "display_name": "pizza"}
    made = api.create("attachment", **sent)
    path = f"/attachments/{made['id']}"
    file = api.call("GET", f"{path}/download")
    assert (len(file.body), file.headers["content-type"]) == (500, "image/jpeg")
    changed = api.call("PUT", path, {"attachment": {"category": "pizza"}}).json["attachment"]
    assert (changed["category"], changed["size"]) == ("pizza", 500)
    assert api.call("DELETE", path).status == 200
    assert api.call("GET", f"{path}/download").status == 404


def test_an_uploaded_file_is_taken_in_hand_and_may_be_deleted(
    sandbox: Sandbox, api: Caller, enterprise: int
) -> None:
    for name in ("one.csv", "two.csv"):
        sandbox.admin("POST", "records/sftp_uploads", {"enterprise_id": enterprise, "filename": name})
    assert [row["filename"] for row in api.get("/sftp_uploads")["sftp_uploads"]] == ["one.csv", "two.csv"]
    body = {"filename": "one.csv", "enterprise_id": enterprise, "start": True, "delete_file": True}
    seen = api.call("POST", "/sftp_uploads/create_import_batch", body)
    assert (seen.status, seen.json["import_batch"]["filename"]) == (201, "one.csv")
    assert [row["filename"] for row in api.get("/sftp_uploads")["sftp_uploads"]] == ["two.csv"]
    assert api.call("POST", "/sftp_uploads/create_import_batch", {"filename": "x"}).status == 422


def test_money_of_another_account_is_out_of_reach(sandbox: Sandbox, books: Books) -> None:
    key = sandbox.admin("POST", "keys", {"account": "somebody else"})["api_key"]
    stranger = Caller(sandbox.url, basic(key))
    invoice, payment = books.invoice((100, 0)), books.payment(100)
    assert stranger.ids("/invoices") == stranger.ids("/payments") == []
    assert stranger.call("GET", f"/invoices/{invoice}").status == 403
    sent = {"payment_id": payment, "invoice_id": invoice, "paid_amount_cents": 1}
    assert stranger.call("POST", "/invoice_payments", {"invoice_payment": sent}).status == 403
