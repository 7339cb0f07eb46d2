"""Files as spreadsheets and practice systems really write them: read, or refused in words that help."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from partnerportal.records.imports import reading, worth
from partnerportal.records.imports.refusal import MAX_BYTES, Refusal
from partnerportal.records.models import Import, Patient
from tests.imports.conftest import Bring

PLAIN = (
    "Chart #,First Name,Last,DOB,Gender,Cell,Zip Code,St\n17,Zoë,Núñez,03/04/1987,F,203-555-0101,1013,Mass\n"
)


def only() -> Patient:
    return Patient.objects.get()


def test_plain_headings_and_repairs(imported: Bring) -> None:
    done = imported(PLAIN.replace("Mass", "Massachusetts"))
    assert done.facts["result"] == {"new": 1}
    got = only()
    assert (got.health_record_id, got.first_name, got.last_name) == ("17", "Zoë", "Núñez")
    assert (got.date_of_birth.isoformat(), got.sex, got.zip, got.state) == (
        "1987-03-04",
        "Female",
        "01013",
        "MA",
    )
    assert got.cell_phone == "(203) 555-0101"
    assert done.facts["repaired"] == {"zip": 1, "state": 1, "sex": 1}
    assert done.facts["dates"] == "month/day/year"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encodings_and_delimiters(imported: Bring, codec: str, delimiter: str) -> None:
    text = PLAIN.replace("Mass", "MA").replace(",", delimiter)
    assert imported(text.encode(codec)).facts["result"] == {"new": 1}
    assert (only().first_name, only().last_name) == ("Zoë", "Núñez")


def test_blank_lines_titles_totals_and_a_second_header_are_no_patients(imported: Bring) -> None:
    header = "MRN,First Name,Last Name,Birth Date"
    done = imported(
        f"Patient list,,,\n\n{header}\n1,Ann,Lee,1990-01-02\n,,,\n"
        f"{header}\n2,Bo,Ray,1991-01-02\nTotal: 2,,,\n"
    )
    assert done.facts["result"] == {"new": 2}
    assert done.facts["skipped"] == {"blank": 1, "header": 1, "totals": 1}


def test_a_quoted_line_break_keeps_the_line_numbers_of_the_editor(checked: Bring) -> None:
    found = checked(
        'MRN,First,Last,DOB,Address\n1,Ann,Lee,1990-01-02,"1 Elm\nApt 2"\n2,Bo,Ray,1987-13-02,x\n'
    )
    assert [row.line for row in found.rows.filter(word="not_valid")] == [4]


def test_a_wrong_date_names_line_column_reason_and_remedy(checked: Bring) -> None:
    found = checked("Id,BIRTHDATE,FIRST,LAST\n1,1987-13-02,Ann,Lee\n")
    row = found.rows.get()
    assert row.line == 2
    assert row.content["problems"] == [
        ["BIRTHDATE", "1987-13-02", "is no date", "write 1987-02-13", "date_of_birth"]
    ]


@pytest.mark.parametrize(
    ("text", "born"),
    [
        ("10/26/1979", "1979-10-26"), ("1979-10-26", "1979-10-26"), ("Oct 26 1979", "1979-10-26"),
        ("26-Oct-79", "1979-10-26"), ("19791026", "1979-10-26"), ("26/10/1979", "1979-10-26"),
        ("October 26, 1979", "1979-10-26"), ("1979-10-26 00:00:00", "1979-10-26"), ("3/4/05", "2005-03-04"),
    ],
)  # fmt: skip
def test_dates_in_their_forms(imported: Bring, text: str, born: str) -> None:
    imported(f'Last,First,DOB\nLee,Ann,"{text}"\n')
    assert only().date_of_birth.isoformat() == born


def test_a_column_of_mixed_date_orders_is_refused_with_the_lines(checked: Bring) -> None:
    found = checked("Last,First,DOB\nLee,Ann,26/10/1979\nRay,Bo,10/26/1979\n")
    assert found.state == Import.State.REFUSED
    assert "DOB" in found.refusal and "line 3" in found.refusal and "line 2" in found.refusal


def test_the_same_chart_number_twice_names_both_lines(checked: Bring) -> None:
    found = checked("MRN,First,Last\n7,Ann,Lee\n8,Bo,Ray\n7,Cy,Fox\n")
    told = {row.line: row.content["problems"][0] for row in found.rows.filter(word="not_valid")}
    assert told[2][:3] == ["MRN", "7", "stands also in line 4"]
    assert told[4][2] == "stands also in line 2"
    assert found.facts["counts"] == {"not_valid": 2, "new": 1}


def test_a_row_repeated_word_for_word_is_taken_once(imported: Bring) -> None:
    done = imported("MRN,First,Last\n7,Ann,Lee\n7,Ann,Lee\n")
    assert done.facts["result"] == {"new": 1}
    assert done.facts["repaired"]["repeat"] == 1


def test_an_unquoted_comma_is_told(checked: Bring) -> None:
    found = checked("MRN,First,Last\n7,Ann,Lee, Jr\n")
    assert "4 cells under 3 headings" in found.rows.get().content["problems"][0][2]


def test_an_ssn_is_never_quoted_back(checked: Bring, enterprise: object) -> None:
    enterprise.allow_ssn = True  # type: ignore[attr-defined]
    enterprise.save()  # type: ignore[attr-defined]
    row = checked("MRN,First,Last,SSN\n7,Ann,Lee,123-45\n").rows.get()
    assert "123-45" not in str(row.content)


def workbook(rows: list[list[object]], title: str = "List") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "Cover"
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_with_numbers_for_zips_goes_in(imported: Bring) -> None:
    rows = [
        ["MRN", "Last Name", "First Name", "DOB", "State", "ZIP"],
        [17, "Lee", "Ann", "10/26/1979", "MA", 1013],
    ]
    done = imported(workbook(rows))
    assert done.facts["words"] == "XLSX, sheet “List”"
    assert (only().health_record_id, only().zip) == ("17", "01013")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"%PDF-1.7 \x00\x01", "This is a PDF. Export it as CSV or XLSX."),
        (b"", "This file is empty"),
        (b" \r\n,,,\r\n", "This file is empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"),
        (b"<html><table></table></html>", "web page"),
        (b'{"patients": []}', "JSON"),
        (b"Id,FIRST,BIRTHDATE\n1,Ann,1990-01-01\n", "No column for last name among: Id, FIRST, BIRTHDATE"),
        (b"Id,FIRST,LAST\n", "headings and no rows"),
        (bytes(range(256)) * 20, "no text and no workbook"),
        (b"PK\x03\x04 broken", "damaged"),
        (b'Id,FIRST,LAST\n1,Ann,"Lee\n' + b"2,Bo,Ray\n" * 20000, "quote that never closes"),
    ],
)
def test_what_is_no_table_is_named_with_the_way_out(checked: Bring, data: bytes, says: str) -> None:
    found = checked(data)
    assert found.state == Import.State.REFUSED
    assert says in found.refusal


def test_too_large_a_file_is_not_even_kept(checked: Bring) -> None:
    with pytest.raises(Refusal, match="50 MB"):
        checked(b"x" * (MAX_BYTES + 1))
    assert not Import.objects.exists()


def test_a_workbook_that_unpacks_to_too_much_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        with archive.open("xl/sharedStrings.xml", "w") as part:
            for _ in range(130):
                part.write(b" " * 1024 * 1024)
    with pytest.raises(Refusal, match="unpacks to more"):
        reading.open_table(out.getvalue(), len)


def test_a_spreadsheets_formula_and_our_own_apostrophe_come_off(imported: Bring) -> None:
    imported('MRN,First,Last,Address\n"=""0017""",Ann,Lee,\'=1 Elm\n')
    assert (only().health_record_id, only().address_line_1) == ("0017", "=1 Elm")


def test_zip_zero_is_an_empty_cell_and_the_page_says_so(imported: Bring) -> None:
    """What spreadsheets write for an empty ZIP: it kept 543 of 1,171 rows of a real export out."""
    rows = "".join(f"{n},Ann,Lee{n},MA,{zero}\n" for n, zero in enumerate(("0", "00000", "0.0", "01013")))
    done = imported(f"MRN,First,Last,State,ZIP\n{rows}")
    assert done.facts["result"] == {"new": 4}
    assert sorted(Patient.objects.values_list("zip", flat=True)) == ["", "", "", "01013"]
    assert done.facts["repaired"] == {"zip_zero": 3}
    assert worth.repairs(done.facts["repaired"]) == ["3 ZIPs of only zeros taken as empty"]
