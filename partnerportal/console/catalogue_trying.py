"""The error catalogue of Try It: why nothing was sent, what an answer means, what stays out. Pure data."""

from __future__ import annotations

from partnerportal.console.catalogue_entry import Entry, worded

TRY = "Try It"

ENTRIES: tuple[Entry, ...] = (
    Entry(
        "try-not-allowed", TRY, "Try It is not open to you here",
        "Nothing was sent.",
        "Reading is for operators and administrators who may see all enterprises, because a key opens all of "
        "them. Writing needs a grant besides, deleting is for administrators.",
        "Ask an administrator. The grant is given under Staff, on a person's page: Try It writes.",
        worded("try", "role", "scope", "grant", "administrators"),
    ),
    Entry(
        "try-production", TRY, "Writes in production are closed",
        "Nothing was sent. Reading works.",
        "In production, Try It writes only while an administrator has opened it, and that ends by itself.",
        "An administrator opens writes for 15 minutes or an hour, on the first page of the API reference.",
        worded("try", "production"),
    ),
    Entry(
        "try-no-key", TRY, "There is no key to send with",
        "Nothing was sent.",
        "You have no key of your own, and there is no service key.",
        "Connect an API key in Account Settings.",
        worded("try", "no_key"),
    ),
    Entry(
        "try-not-valid", TRY, "It breaks the contract",
        "Nothing was sent. The page names each attribute and what is wrong with it.",
        "A needed attribute is missing, one has the wrong type, or there is none of that name.",
        "Correct what is named. The table below the form says what each attribute is, and the example works.",
        worded("try", "not_valid"),
    ),
    Entry(
        "try-budget", TRY, "No sending time within two seconds",
        "Nothing was sent.",
        "The key's requests for this moment are used up, or the portal's rate limiter can't be reached.",
        "Run it again in a moment. Where the limiter stays away, whoever runs the portal looks after it.",
        worded("try", "busy", "limiter"),
    ),
    Entry(
        "try-refused", TRY, "Inbox Health refused the call",
        "It read the request and did not act on it. The answer below holds its words.",
        "A value breaks one of its rules, or the id is none of this key's.",
        "Press Change and run again…, correct what the answer names, and run it once more.",
        worded("try", "rejected", "gone"),
    ),
    Entry(
        "try-not-done", TRY, "It was not done",
        "Nothing was changed at Inbox Health.",
        "It could not be reached, asked for a pause, or failed while it was only reading.",
        "Run it again in a moment: nothing can come of it twice.",
        worded("try", "not_processed"),
    ),
    Entry(
        "try-unknown", TRY, "It may have been done, or not",
        "The request went out, and no answer came that says what became of it.",
        "The connection broke, Inbox Health took too long, or it failed after it had the request. There is "
        "no way to ask it about a request.",
        "Follow the link that looks there before anything is sent again. Unlike a push, Try It does not look "
        "by itself.",
        worded("try", "unknown", "no_answer"),
    ),
    Entry(
        "try-stays-outside", TRY, "What it made is at Inbox Health only",
        "It was done there, and the portal has no record of it.",
        "Its enterprise, or what it belongs to, is not in the portal, so here it would hang below nothing.",
        "Adopt the enterprise from Inbox Health. What belongs to it comes along.",
        worded("try", "not_here", "no_parent"),
    ),
    Entry(
        "try-clash", TRY, "Another record here has its number or code",
        "It was done there, and not taken in here.",
        "A chart number or a code stands once in an enterprise, and a record here has it already.",
        "Open the record here and press Link to an existing record…, with the id of the answer.",
        worded("try", "clash"),
    ),
)  # fmt: skip
