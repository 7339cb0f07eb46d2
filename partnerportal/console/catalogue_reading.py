"""The error catalogue of what is read and written out: pulls, balances, exports, workers. Pure data."""

from __future__ import annotations

from partnerportal.console.catalogue_entry import Entry, worded

MIRROR = "What is there"
WORK = "Long work"

ENTRIES: tuple[Entry, ...] = (
    Entry(
        "list-not-read", MIRROR, "Records that were not read",
        "A page of a list failed, so nothing is known of the records on it.",
        "The list grew shorter while it was read, or one page of it failed four times.",
        "Press Read again on Differences, tab Not read. What was not read never counts as fine.",
        worded("pull", "not_read", "shrank"),
    ),
    Entry(
        "list-not-proven", MIRROR, "A list that can't be trusted",
        "The list was answered, and what came can't have been all of it, or was not what was asked for.",
        "Its rows came out of order, another page came than was asked for, a page came back empty, rows of "
        "somebody else's came with it, or it did not end.",
        "Press Read again on Differences, tab Not read. Where it stays so, ask Inbox Health with the time "
        "and the operation of the exchange.",
        worded("pull", "order", "page_ignored", "short_page", "filter", "too_long"),
    ),
    Entry(
        "list-without-answer", MIRROR, "A list without a usable answer",
        "A page was asked for four times, and no answer came that could be read. Reading changes nothing, so "
        "nothing is there twice.",
        "Inbox Health or the network was not available, or something between here and there answered in its "
        "place.",
        "Press Read again on Differences, tab Not read, once Inbox Health is well.",
        worded(
            "pull", "root_missing", "row_without_id", "http_5xx", "dns", "connection_refused",
            "connect_timeout", "unreachable", "tls", "reset_before_send", "must_end", "read_timeout",
            "reset_after_send", "closed_without_answer", "bad_answer", "truncated", "too_large",
            "html_instead_of_json", "empty_body", "not_json", "id_missing", "redirect", "http_408",
            "http_425", "http_499", "rate_limited",
        ),
    ),
    Entry(
        "list-refused", MIRROR, "Inbox Health refused a list",
        "It was asked for the records of an enterprise, and answered that it won't give them.",
        "The key may not read that enterprise, the enterprise is not there any more, or this host does not "
        "offer the list.",
        "Compare the enterprise's Inbox Health id with the one in their system, then press Read again on "
        "Differences, tab Not read.",
        worded("pull", "validation", "forbidden", "not_found", "conflict", "http_4xx"),
    ),
    Entry(
        "balance-differs", MIRROR, "The balance differs",
        "What the portal reckons a patient owes is not what Inbox Health says.",
        "Something was charged or paid on one side only, or waits to be sent. The balance tab names the "
        "likely cause.",
        "Push what waits, or take over what was entered there, then compare again.",
        worded("balance", "differs"),
    ),
    Entry(
        "balance-not-read", MIRROR, "A balance could not be read",
        "Inbox Health was asked what the patient owes, and gave no answer that could be used.",
        "The patient is not there any more, the key was refused, or Inbox Health was not available. The "
        "delivery of each says which.",
        "Open the failed deliveries, mend what they name, then compare again.",
        worded("balance", "not_read"),
    ),
    Entry(
        "export-not-written", WORK, "The file could not be written",
        "More rows were chosen than a sheet of XLSX can hold. No part of the file is kept.",
        "A sheet ends at 1,048,576 lines, headings included.",
        "Export the list again as CSV, or narrow it with its filters.",
        worded("export", "too_many_rows"),
    ),
    Entry(
        "export-out-of-sight", WORK, "The file can't be downloaded any more",
        "It holds records, or values in the clear, that your account may not see any more.",
        "Your enterprises or your permissions were changed after it was written.",
        "Export the list again: it then holds what you may see. An administrator changes what that is.",
        worded("export", "out_of_sight"),
    ),
    Entry(
        "export-gone", WORK, "The exported file is gone",
        "Its time is over, or it was deleted by hand. The records themselves are untouched.",
        "Files out hold patients' data, so they are kept only for some days.",
        "Export the list again.",
        worded("export", "gone"),
    ),
    Entry(
        "worker-silent", WORK, "The worker is silent",
        "No worker has said for a minute that it lives, so what waits is not being sent.",
        "It is being restarted, or it stopped.",
        "Nothing at first: all that waits is in the database and goes on by itself. Where it lasts, whoever "
        "runs the portal starts the worker.",
        worded("worker", "silent"),
    ),
)  # fmt: skip
