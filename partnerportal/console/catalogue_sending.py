"""The error catalogue of what is sent: refused, not reached, unknown, undecided, blocked. Pure data."""

from __future__ import annotations

from partnerportal.console.catalogue_entry import Entry, worded

REFUSED = "Refused by Inbox Health"
LATER = "Not sent yet, and sent by itself"
UNKNOWN = "Sent, outcome not known"
BLOCKED = "Waits for something else"
ENDED = "After it was sent, or without being sent"

ENTRIES: tuple[Entry, ...] = (
    Entry(
        "refused-field", REFUSED, "Inbox Health refused a field",
        "Inbox Health read the record and did not take it. The delivery shows its words for each field.",
        "A value breaks one of its rules: a ZIP it does not know, a date it can't read, an id that is no "
        "longer there. Sending the same again brings the same answer.",
        "Open the record, correct the field, and push it. Where many have the same cause, Needs you has one "
        "button for all of them.",
        worded("delivery", "validation"),
    ),
    Entry(
        "does-not-fit", REFUSED, "It does not fit what Inbox Health accepts",
        "The portal compared the record with the rules of the API before sending it, and sent nothing.",
        "A value is of the wrong kind, too long, or a needed one is missing.",
        "Open the record, correct the field that is named, and push it.",
        worded("delivery", "contract"),
    ),
    Entry(
        "not-your-enterprise", REFUSED, "Inbox Health says that this is not your enterprise",
        "The key was accepted, and the record refused with 403.",
        "The key belongs to another partner account than the enterprise, or the enterprise was moved there.",
        "Compare the enterprise's Inbox Health id with the one in their system. Where the key is the wrong "
        "one, replace it, and send again.",
        worded("delivery", "forbidden"),
    ),
    Entry(
        "not-there", REFUSED, "Inbox Health does not know this record",
        "It was asked for by its id, or a parent of it was, and was not found.",
        "It was removed at Inbox Health, or it was tied to the wrong id.",
        "Press What to do on its page, or open Differences, tab Missing there: it says for each kind of "
        "record whether it can be sent again, marked removed or deleted here.",
        worded("delivery", "not_found") + worded("record", "missing_there"),
    ),
    Entry(
        "conflict-there", REFUSED, "Inbox Health reports a conflict",
        "It answered 409 and did not take the record.",
        "Something there contradicts it: most often the same record exists already.",
        "Look it up at Inbox Health. Where it is there, link the two; else send again.",
        worded("delivery", "conflict"),
    ),
    Entry(
        "refused-for-another-reason", REFUSED, "Refused for another reason",
        "Inbox Health refused it with an answer the portal has no special rule for.",
        "The exchange of the delivery holds the answer, word for word.",
        "Read the exchange. Correct what it names, and send again; where it names nothing, ask Inbox Health "
        "with the exchange's time and operation.",
        worded("delivery", "http_4xx"),
    ),
    Entry(
        "key-refused", REFUSED, "Inbox Health refused the key",
        "It answered 401. Everything on this key waits; nothing is lost, and nothing of it was processed.",
        "The key was mistyped, revoked there, or belongs to another environment.",
        "Test the key on Account Settings. Replace it where it stays refused: what waited goes out by "
        "itself.",
        worded("delivery", "key_refused") + worded("key", "refused") + worded("pull", "key_refused")
        + worded("try", "unauthorised"),
    ),
    Entry(
        "portal-fault", REFUSED, "A fault of the portal itself",
        "The portal could not prepare this one, and sent nothing of it.",
        "A fault in our own program, which the log has with a code.",
        "Send it again once. Where it fails again, give its DL- number to whoever runs the portal.",
        worded("delivery", "internal_error"),
    ),
    Entry(
        "asked-for-a-pause", LATER, "Inbox Health asked for a pause",
        "It answered 429: too many requests at once. Nothing of this one was processed.",
        "Somebody else sends on the same key, or the allowance there is smaller than set here.",
        "Nothing. It is sent again when the pause is over. Where it happens often, ask who else uses the "
        "key.",
        worded("delivery", "rate_limited", "http_425"),
    ),
    Entry(
        "not-reached", LATER, "Inbox Health could not be reached",
        "No connection came about, so nothing was sent.",
        "The network, its name service, or Inbox Health itself was not available.",
        "Nothing at first: it is tried again, with growing pauses of at most a minute. Where it lasts, ask "
        "whoever runs the network.",
        worded(
            "delivery", "dns", "connection_refused", "connect_timeout", "unreachable", "reset_before_send",
        ),
    ),
    Entry(
        "no-secure-connection", LATER, "No secure connection to Inbox Health",
        "The other end could not prove who it is, so the portal sent nothing.",
        "A certificate there has run out, or something between here and there opens connections.",
        "Do not switch the check off. Ask whoever runs the network; the delivery goes out once it is mended.",
        worded("delivery", "tls"),
    ),
    Entry(
        "sent-elsewhere", LATER, "The address leads elsewhere",
        "Inbox Health answered with a redirect. The portal follows none, so that nothing is sent twice or to "
        "a stranger.",
        "The base address in the settings is an old one, or misses a part.",
        "An administrator corrects the base address in the settings.",
        worded("delivery", "redirect"),
    ),
    Entry(
        "stopped-before-sending", LATER, "Not sent in time, sent again",
        "The worker had no time left to send it safely, or stopped before it did. Nothing left the portal.",
        "The worker was restarted, or the machine was slow.",
        "Nothing. It goes back into the line.",
        worded(
            "delivery", "lease_too_short", "never_sent", "must_end", "limiter_unavailable", "no_sending_time",
            "account_busy",
        ),
    ),
    Entry(
        "no-answer", UNKNOWN, "Sent, no answer",
        "The request went out and no answer came back. It may have been done there, or not.",
        "The connection broke, Inbox Health took too long, or the worker stopped while it waited.",
        "Nothing yet. The portal looks at Inbox Health before it sends anything again, so that nothing is "
        "there twice. You are asked only where looking can't settle it.",
        worded(
            "delivery", "read_timeout", "reset_after_send", "closed_without_answer", "no_answer_recorded",
            "http_408", "http_499",
        ),
    ),
    Entry(
        "answer-not-readable", UNKNOWN, "The answer could not be read",
        "An answer came, and it was not what the API promises: broken off, empty, or a web page.",
        "Something between here and Inbox Health answered in its place, or the answer was cut short.",
        "Nothing yet: it is looked up before anything is sent again. The exchange shows what came.",
        worded(
            "delivery", "bad_answer", "truncated", "too_large", "html_instead_of_json", "empty_body",
            "not_json", "root_missing", "id_missing",
        ),
    ),
    Entry(
        "inbox-health-failed", UNKNOWN, "Inbox Health answered with an error",
        "It answered 500 or above. It may have acted before it failed.",
        "Something is wrong there. Twenty such answers running stop the key by themselves.",
        "Nothing yet: it is looked up first. Where all fail, wait until Inbox Health is well.",
        worded("delivery", "http_5xx"),
    ),
    Entry(
        "undecided", UNKNOWN, "Undecided: looking could not settle it",
        "It was sent, no answer came, and what the portal found there afterwards does not decide it.",
        "The record as it is now can't be compared with what was sent, or what was found fits only partly.",
        "Press Decide… to see what was sent beside what was found, and say which it is.",
        worded("undecided", "unanswered", "gone", "not_valid", "looks_alike", "conflict", "parent",
               "practices", "match", "enterprises", "lines"),
    ),
    Entry(
        "undecided-several", UNKNOWN, "More than one that it could be",
        "The look-up found several records with the content that was sent.",
        "The same was entered there by hand, or an earlier send landed after all.",
        "Press Decide… and choose the one that is it. What is there twice is removed at Inbox Health.",
        worded("undecided", "several"),
    ),
    Entry(
        "undecided-similar", UNKNOWN, "One that differs from what was sent",
        "The look-up found a record with the same name or amount and another content.",
        "Inbox Health rewrote a value, or it is another record that happens to look like it.",
        "Press Decide… to see the fields that differ, and say whether it is this one.",
        worded("undecided", "similar"),
    ),
    Entry(
        "undecided-not-proven", UNKNOWN, "No look-up could prove that it saw everything",
        "The list at Inbox Health could not be read whole and in order, so its silence proves nothing.",
        "The list changed while it was read, was refused, or did not keep its order.",
        "Press Decide…, then Look again. Where that does not help, look by hand at Inbox Health, and say "
        "what you found.",
        worded("undecided", "unproven"),
    ),
    Entry(
        "landed-twice", UNKNOWN, "There twice at Inbox Health",
        "A second record with the same content is there. Ours is tied to one of them.",
        "A first send that seemed lost was processed after the second.",
        "Press Decide… and compare the two. If it is a duplicate, remove the second one at Inbox Health and "
        "say so. If it is another record, bring it in.",
        worded("delivery", "landed_twice"),
    ),
    Entry(
        "not-confirmed", UNKNOWN, "Not sure that there is only one",
        "It was sent a second time and accepted. The last look could not read the list whole.",
        "The list at Inbox Health failed or changed while it was read.",
        "Press Decide… and look for a second one there.",
        worded("delivery", "not_confirmed"),
    ),
    Entry(
        "waits-for-its-parent", BLOCKED, "Waits for what must be there first",
        "What it belongs to has no Inbox Health id yet, so it can't be sent.",
        "An enterprise comes before its practices, doctors and patients; an invoice before its payments.",
        "Nothing, where the parent is on its way. Where the parent failed or is not valid, mend that one: "
        "whatever waits follows by itself.",
        worded("blocked", "parent"),
    ),
    Entry(
        "waits-for-reading", BLOCKED, "Waits until a list is read",
        "Before the first record goes in, the portal reads what is there already.",
        "Without it, a practice that has patients there would get them twice.",
        "Nothing. It goes on when the list is read; the reading is a delivery of its own.",
        worded("blocked", "practices", "match", "enterprises", "lines"),
    ),
    Entry(
        "not-valid", BLOCKED, "Can't be sent as it is",
        "The record lacks something that every record of its kind needs, or a value in it can't be right.",
        "It was imported or saved incomplete. The record's page names each field.",
        "Open the record and correct it; Needs you has one button for all of a kind. It goes out by itself "
        "afterwards.",
        worded("blocked", "not_valid") + worded("record", "not_valid"),
    ),
    Entry(
        "looks-alike", BLOCKED, "Looks like a record that is already there",
        "The enterprise was at Inbox Health before the portal, and has a record with the same name.",
        "It may be the same person, or another one of that name.",
        "Press Decide… and link the two where they are one, or send it as new.",
        worded("blocked", "looks_alike"),
    ),
    Entry(
        "conflict", BLOCKED, "Changed here and at Inbox Health",
        "The same field was changed on both sides, to different values. Nothing of it is sent meanwhile.",
        "Staff of the practice edited it there while it was edited here. Or an older request of this portal, "
        "whose answer never came, arrived after a newer one.",
        "Press Decide…, and choose the value that stays, field by field.",
        worded("blocked", "conflict") + worded("record", "conflict") + worded("try", "conflict"),
    ),
    Entry(
        "id-taken", ENDED, "Another record here has that Inbox Health id",
        "The answer named an id to which a different record here is tied.",
        "Two records here are one there, or one was linked wrongly.",
        "Open both. Join them where they are one person; else correct the link of the wrong one.",
        worded("delivery", "id_taken"),
    ),
    Entry(
        "tied-already", ENDED, "It has an Inbox Health ID of its own already",
        "The record was sent before it could be linked. It stays tied to what it created.",
        "Its push was on the way when somebody asked to link it to another record.",
        "Look at both records at Inbox Health. Where they are one person, adopt the other and join them.",
        worded("delivery", "tied_already"),
    ),
    Entry(
        "record-gone", ENDED, "It was sent, and its record is gone here",
        "Inbox Health may have this record. The portal has none to tie it to.",
        "The record was deleted in this portal in the moment in which it was sent.",
        "Look at the request and its response, and at Inbox Health. Bring the record in, or delete it there.",
        worded("delivery", "record_gone"),
    ),
    Entry(
        "other-enterprise", ENDED, "It belongs to another enterprise there",
        "The record you wanted to link lies in a different enterprise at Inbox Health.",
        "The id was mistyped, or the record here is in the wrong enterprise.",
        "Look the id up there and link again with the right one.",
        worded("delivery", "other_enterprise"),
    ),
    Entry(
        "lines-differ", ENDED, "The lines there are not those that were sent",
        "The invoice was accepted, and the lines read back do not pair with ours.",
        "A line was changed, added or removed there in the meantime.",
        "Open the invoice, compare its lines with Inbox Health, correct what differs, and push it.",
        worded("delivery", "lines_differ"),
    ),
    Entry(
        "ended-without-sending", ENDED, "Ended without being sent",
        "The delivery is over and nothing was sent for it.",
        "Somebody cancelled it or its batch, a newer delivery of the same record took its place, the record "
        "was deleted here, or nothing had changed.",
        "Nothing. Push the record where it is to be sent after all.",
        worded(
            "delivery", "superseded", "batch_cancelled", "deleted_here", "nothing_to_send",
        ),
    ),
    Entry(
        "settled-by-looking", ENDED, "Settled by looking",
        "No answer came; the look-up at Inbox Health showed what became of it, and that was taken.",
        "What stands there proves it: the record is there, or certainly not.",
        "Nothing. The look-ups stand on the delivery's page as evidence.",
        worded("delivery", "looked_one", "looked_none", "looked_gone", "read", "accepted"),
    ),
)  # fmt: skip
