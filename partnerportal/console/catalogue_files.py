"""The error catalogue of files that can't be used at all. Pure data; signs are parts of their sentences."""

from __future__ import annotations

from partnerportal.console.catalogue_entry import Entry

FILES = "Files that can't be read"

ENTRIES: tuple[Entry, ...] = (
    Entry(
        "file-empty", FILES, "The file is empty",
        "There is nothing in it that could be a row, or headings alone.",
        "The export found nothing, or another sheet or file holds the rows.",
        "Choose the file with the rows in it.",
        signs=("is empty", "has headings and no rows"),
    ),
    Entry(
        "file-too-large", FILES, "The file is too large",
        "It holds more megabytes or rows than the portal reads at once.",
        "The limit is 50 MB and 500,000 rows; a workbook may unpack to 400 MB.",
        "Split it, or export fewer columns. Parts can be imported one after the other.",
        signs=("MB, the portal reads", "Split it", "split it", "unpacks to more"),
    ),
    Entry(
        "file-no-column", FILES, "A needed column was not found",
        "It is a table, and none of its headings is known to hold what every row needs.",
        "The headings are unusual, or the first line is not the heading.",
        "Press “say which column is which” and choose them. It is remembered for the enterprise.",
        signs=("No column for",),
    ),
    Entry(
        "file-mixed-dates", FILES, "A column mixes two orders of dates",
        "Some of its dates can only be month first, others only day first.",
        "03/04/1987 could then be either, and a wrong birth date is worse than none.",
        "Write the dates as 1987-03-04, the whole column, and choose the file again.",
        signs=("mixes month first",),
    ),
    Entry(
        "file-open-quote", FILES, "A quote that never closes",
        "A cell begins with a quotation mark, and the file ends before the next one.",
        "The file was edited by hand, or exported without escaping quotes.",
        "Close the quote in the line that is named, or export the file again.",
        signs=("opens a quote",),
    ),
    Entry(
        "file-damaged", FILES, "The workbook is damaged",
        "It calls itself XLSX and can't be opened.",
        "It was cut short on its way, or written by a program that does not keep to the format.",
        "Open it in a spreadsheet, save it again as XLSX or CSV, and choose that.",
        signs=("is damaged",),
    ),
    Entry(
        "file-archive", FILES, "A ZIP archive",
        "It is a packed folder, not a table.",
        "Some systems pack their exports.",
        "Unpack it and choose the CSV or XLSX inside.",
        signs=("is a ZIP archive",),
    ),
    Entry(
        "file-gone", FILES, "The file is not kept any more",
        "Its time is over, so what was uploaded is gone. What was imported from it stays.",
        "Files hold patients' data, so they are kept only as long as they are needed.",
        "Choose the file again.",
        signs=("is not kept any more",),
    ),
    Entry(
        "file-no-enterprise", FILES, "No enterprise was said",
        "Rows of charges and payments belong to one enterprise, and none was chosen.",
        "It was chosen on a page that had no enterprise preset.",
        "Choose the enterprise, then the file again.",
        signs=("Say which enterprise",),
    ),
    Entry(
        "file-column-twice", FILES, "A column was chosen twice",
        "Two of ours were said to be the same column of the file.",
        "A column can fill one place only.",
        "Choose it once.",
        signs=("is chosen twice",),
    ),
    Entry(
        "file-not-readable", FILES, "The file is no table",
        "It is a PDF, a picture, a web page or something else that has no rows and columns.",
        "The name ends in CSV or XLSX, and what is in it is not.",
        "Export it as CSV or XLSX from the system that holds the records.",
        signs=("This is ", "no list of records"),
    ),
)  # fmt: skip
