"""The error catalogue of rows that stay out of an import. Pure data; signs are parts of what is said of them.

The first entry whose sign fits is a row's; the last holds what has no other.
"""

from __future__ import annotations

from partnerportal.console.catalogue_entry import Entry, worded

ROWS = "Rows of a file"
MONEY = "Rows of charges and payments"

ENTRIES: tuple[Entry, ...] = (
    Entry(
        "row-date", ROWS, "A date that can't be read",
        "The cell holds no day of the calendar, or one that can't be right.",
        "13 stands where the month belongs, a digit is missing, or a birth date lies ahead.",
        "Write it as 1987-10-26 or 10/26/1987.",
        signs=("is no date", "can't be a date of birth", "can't be the "),
    ),
    Entry(
        "row-state-or-zip", ROWS, "A state or ZIP that does not exist",
        "The cell holds no US state, or no ZIP.",
        "A spreadsheet took the leading zero away, or the columns slipped.",
        "Two letters for the state, five digits or 5+4 for the ZIP. Lost zeros are put back where the state "
        "has such ZIPs.",
        signs=("is no US state", "is no ZIP"),
    ),
    Entry(
        "row-contact", ROWS, "A phone number or e-mail address that can't be right",
        "The cell can't be called or written to.",
        "A digit is missing, or a note stands in it.",
        "Ten digits for a phone, name@example.com for an address; or leave it empty.",
        signs=("is no US phone number", "is no e-mail address"),
    ),
    Entry(
        "row-number", ROWS, "An NPI or SSN that can't be right",
        "An NPI has ten digits, an SSN nine.",
        "A digit is missing, or another number stands there. What stood in an SSN's cell is not shown.",
        "Correct it, or leave the cell empty: neither is needed.",
        signs=("is no NPI", "is no SSN", "SSN has nine digits"),
    ),
    Entry(
        "row-word", ROWS, "A word the portal does not know",
        "The column takes a few words only, and the cell holds another one.",
        "Systems abbreviate differently.",
        "Write one of the words that are named, or leave the cell empty.",
        signs=("is not known here", "neither yes nor no", "can't be sent"),
    ),
    Entry(
        "row-missing", ROWS, "Something every row needs is missing",
        "A name, a code or an event list is empty.",
        "The cell is blank in the file.",
        "Fill it in.",
        signs=("is missing", "at least one event"),
    ),
    Entry(
        "row-twice", ROWS, "The same record in two rows",
        "Two lines claim the same chart number or id, or are one record here, and say different things.",
        "The export repeats a person, or a number was typed twice.",
        "Keep one of them.",
        signs=("stands also in line", "as line", "names two records"),
    ),
    Entry(
        "row-too-long", ROWS, "Too long, or too many cells",
        "The cell holds more than the field takes, or the row more cells than there are headings.",
        "A cell that holds the delimiter needs quotes around it, or a note stands in the wrong column.",
        "Shorten it, or put quotes around the cell.",
        signs=("is longer than", "cells under"),
    ),
    Entry(
        "row-enterprise", ROWS, "Which enterprise it belongs to",
        "The row names no enterprise, one that is not here, several, or another one than the import's.",
        "The name is written differently, or the row is in the wrong file.",
        "Write the enterprise's id or its exact name, or import the row into its own enterprise.",
        signs=("names no enterprise", "is no enterprise here", "name of several enterprises", "is E-"),
    ),
    Entry(
        "row-removed", ROWS, "It was removed",
        "The row is about somebody who was marked removed, or something deleted here.",
        "A person removed it since the file was made.",
        "Leave the row out.",
        signs=("was removed", "is deleted here", "removed before it was sent"),
    ),
    Entry(
        "row-visit-out", MONEY, "Out with another line of its visit",
        "This line is fine, and another one of the same visit is not.",
        "Half an invoice would show a wrong balance, so a visit goes in whole or not at all.",
        "Correct the line that is named; this one follows.",
        signs=("of the same visit",),
    ),
    Entry(
        "row-whose-money", MONEY, "Whose charge or payment it is",
        "The chart number or claim number leads to nobody here, or to two different people.",
        "The patient is not imported yet, or one of the numbers is wrong.",
        "Import the patient or the charges first, or correct the number.",
        signs=("no chart number of a patient", "names no patient", "another patient", "is no claim"),
    ),
    Entry(
        "row-doctor-or-practice", MONEY, "Which doctor or practice",
        "The name is none of this enterprise, differs within one visit, or the enterprise has none yet.",
        "Names are written differently in files.",
        "Say below the rows who is meant; it is remembered. Where there is none, add one on the enterprise's "
        "page.",
        signs=("doctor of this enterprise", "practice of this enterprise", "names no practice",
               "another doctor", "another practice", "no practice yet"),
    ),
    Entry(
        "row-amount", MONEY, "An amount that can't be",
        "It is no amount, less than nothing, more than any bill, or does not fit the other amounts of the "
        "row.",
        "Covered and insurance can't exceed the charge; units times price has to make the total; a credit is "
        "a payment.",
        "Correct one of the amounts. Reversals stay out: correct the charge they take back.",
        signs=("no amount", "less than $0.00", "is a credit", "more than", "has to be", "no whole cent",
               "is no quantity", "no charge", "no balance", " × ", "pays $0.00"),
    ),
    Entry(
        "row-adjustment", MONEY, "An adjustment in a row of its own",
        "The row takes something off a charge, and does not say which.",
        "Some ledgers write adjustments as rows.",
        "Write it beside its charge, in a column Adjustment.",
        signs=("is an adjustment", "no kind of row"),
    ),
    Entry(
        "row-paid-how", MONEY, "How it was paid, or why less",
        "The way to pay or the reason code is not known here.",
        "Each practice has words of its own.",
        "Say below the rows what the word means. A reason code is added on the enterprise's page.",
        signs=("way to pay", "how it was paid", "payment reason", "A payment recorded here"),
    ),
    Entry(
        "row-visit-facts", MONEY, "A day or a description is missing",
        "The line has no date of service, or nothing says what it is for.",
        "The cells are blank in the file.",
        "Fill them in; a service code is description enough.",
        signs=("no date of service", "no description and no code"),
    ),
    Entry(
        "row-payment-here", MONEY, "Here already, with another amount",
        "The same payment is here, and its amount is another one.",
        "A payment is never changed: what happened is kept.",
        "Refund or void the payment here and record the other, or correct the row.",
        signs=("is here as",),
    ),
    Entry(
        "row-maybe-here", ROWS, "Maybe already here",
        "Somebody of the same name and date of birth is here, under another number or none.",
        "It may be the same person with a new chart number, or a relative, or chance.",
        "Press Same person or Someone else. The row is left out until you have decided.",
        worded("row", "maybe"),
    ),
    Entry(
        "row-not-valid", ROWS, "The row can't go in as it is",
        "What is wrong stands beside the row.",
        "It breaks a rule of the form for its kind.",
        "Download the rows that stay out, correct them, and import that file.",
    ),
)  # fmt: skip
