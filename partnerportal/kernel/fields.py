"""Model fields for what must not be readable in the database. Imports the keyring only."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import FieldError
from django.db import models

from partnerportal.kernel import keyring


class EncryptedField(models.BinaryField):  # type: ignore[type-arg]
    """Bytes, encrypted at rest. Can't be compared in SQL: only `isnull` is allowed."""

    empty_strings_allowed = False

    @property
    def place(self) -> str:
        """The table and column that its values are bound to."""
        return f"{self.model._meta.db_table}.{self.column}"

    def _dump(self, value: Any) -> bytes:
        return bytes(value)

    def _load(self, plain: bytes) -> Any:
        return plain

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        stored = None if value is None else keyring.encrypt(self._dump(value), self.place)
        return super().get_db_prep_value(stored, connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else self._load(keyring.decrypt(bytes(value), self.place))

    def _check_str_default_value(self) -> list[Any]:
        return []  # in memory it is a str: BinaryField's demand for bytes does not apply

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted; search its fingerprint instead.")
        return super().get_lookup(lookup_name)

    def value_to_string(self, obj: models.Model) -> str:
        raise FieldError(f"{self.name} is encrypted and is not serialised.")

    def to_python(self, value: Any) -> Any:
        return value


class EncryptedTextField(EncryptedField):
    """A str, or None."""

    def _dump(self, value: Any) -> bytes:
        return str(value).encode()

    def _load(self, plain: bytes) -> str:
        return plain.decode()


class EncryptedJSONField(EncryptedField):
    """A JSON value, or None. Keys are sorted, so equal values have equal ciphertext."""

    def _dump(self, value: Any) -> bytes:
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    def _load(self, plain: bytes) -> Any:
        return json.loads(plain)
