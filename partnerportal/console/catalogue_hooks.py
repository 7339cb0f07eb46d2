"""The error catalogue of webhook events, keys and brakes. Pure data."""

from __future__ import annotations

from partnerportal.console.catalogue_entry import Entry, worded

EVENTS = "Webhook events"
KEYS = "Keys"
STOPPED = "Sending stopped"

ENTRIES: tuple[Entry, ...] = (
    Entry(
        "event-failed", EVENTS, "An event could not be worked off",
        "It was received and verified, is kept whole, and was tried five times.",
        "A fault of the portal, or the database was not available. Its page names the kind of fault.",
        "Press Replay. Repeating an event is harmless: what is older than the record changes nothing.",
        worded("event", "failed"),
    ),
    Entry(
        "event-without-record", EVENTS, "The event names no record",
        "It was verified and holds no object, or an object without an id.",
        "Inbox Health sent it that way; there is nothing to apply.",
        "Compare the record there with ours where you know which it is. Pull it to be sure.",
        worded("event", "no_object", "no_id"),
    ),
    Entry(
        "event-waits-for-a-key", EVENTS, "The event waits: there is no key",
        "Working it off needs a read at Inbox Health, and no working key is there to read with.",
        "The service key was revoked, or there never was one.",
        "An administrator names a service key. The event goes on by itself.",
        worded("event", "no_key"),
    ),
    Entry(
        "event-waits-for-our-create", EVENTS, "The event waits for a create of ours",
        "It tells of a new record that may be the one the portal has just sent.",
        "The answer to our own create is still out. The event serves as evidence for it.",
        "Nothing. It is looked at again every few seconds.",
        worded("event", "our_create", "moved", "replayed"),
    ),
    Entry(
        "event-conflict", EVENTS, "The event met a change of ours",
        "It brings another value of a field that was changed here and not sent yet.",
        "The same field was edited on both sides.",
        "Open Differences, tab Conflicts, and decide which value stays.",
        worded("event", "changed_on_both_sides", "conflict"),
    ),
    Entry(
        "event-changed-nothing", EVENTS, "The event changed nothing",
        "What it says is known, older than what is known, or of a kind that is only noted.",
        "Events are repeated and come out of order; our own writes come back as events too.",
        "Nothing. Where its time could not decide, the record is read by its id.",
        worded("event", "as_known", "older", "read_by_id", "noted"),
    ),
    Entry(
        "event-of-another-environment", EVENTS, "The event is of another environment",
        "It says that it is of production while this portal is not, or the other way round.",
        "An endpoint of this portal is registered in the wrong environment there.",
        "An administrator looks at the endpoint there and removes the registration.",
        worded("event", "livemode", "elsewhere"),
    ),
    Entry(
        "event-only-there", EVENTS, "The event is about a record that is only there",
        "Inbox Health has a record that is tied to none here.",
        "It was made there by hand, or belongs to an enterprise that was not brought in.",
        "Open Differences, tab Only there, and bring it in or leave it.",
        worded("event", "only_there", "duplicate"),
    ),
    Entry(
        "event-type-not-known", EVENTS, "The type of the event is not known",
        "It was verified and kept, and the portal has nothing to do with it.",
        "Inbox Health has types that this release does not use.",
        "Nothing.",
        worded("event", "unknown_type"),
    ),
    Entry(
        "endpoint-suspect", EVENTS, "Webhooks may not arrive",
        "An endpoint is suspect: the event for a push has not come and no other has come since, or calls "
        "came whose signature is wrong. A pull is started by itself, so that nothing is missed.",
        "The portal's public address can't be reached from outside, the endpoint was removed there, or its "
        "key was replaced there.",
        "Press Compare now on the endpoint. Look whether its URL can be reached from outside, and whether "
        "the key there is the one here. The next event that comes ends the suspicion.",
        worded("endpoint", "silent", "refused"),
    ),
    Entry(
        "endpoint-not-as-here", EVENTS, "The endpoint is not registered there as it is here",
        "The portal compared it and found it missing or different; or it could not compare.",
        "Somebody changed it at Inbox Health. Some hosts do not list endpoints, so nothing can be compared.",
        "Nothing: it is registered again as it is here. Where Inbox Health lists none, the last event that "
        "came is the proof that it works.",
        worded("endpoint", "missing", "repaired", "cannot", "unanswered"),
    ),
    Entry(
        "endpoint-not-taken", EVENTS, "Inbox Health did not take the endpoint",
        "It was to be registered, changed or removed there, and that did not happen.",
        "Inbox Health refused it, its answer is not known, or something else has to go first. Its delivery "
        "says which.",
        "Open the endpoint's delivery and do what it says there.",
        worded("endpoint", "failed", "undecided", "blocked"),
    ),
    Entry(
        "key-not-tested", KEYS, "The key was not tested",
        "The portal has the key and has not seen Inbox Health accept it.",
        "It was saved while Inbox Health did not answer.",
        "Press Test on Account Settings.",
        worded("key", "not_tested"),
    ),
    Entry(
        "key-revoked", KEYS, "The key was revoked here",
        "Nothing is sent on it any more. What waits on it needs another key.",
        "Its owner or an administrator revoked it.",
        "Choose another key for what waits: Needs you has the button.",
        worded("key", "revoked"),
    ),
    Entry(
        "key-works", KEYS, "The key works",
        "Inbox Health accepted it the last time it was used.",
        "This is how it should be.",
        "Nothing.",
        worded("key", "working"),
    ),
    Entry(
        "no-answer-to-the-test", KEYS, "The test got no answer",
        "Inbox Health did not say whether it takes the key.",
        "It could not be reached, was busy, or answered with an error of its own.",
        "Test again in a minute. You can save the key without a test; until then it counts as not tested.",
        worded("key", "no_answer"),
    ),
    Entry(
        "other-environment", STOPPED, "Another environment than before",
        "The settings point at another Inbox Health than this portal's records belong to. Nothing is sent.",
        "A portal belongs to one environment for good: the first push ties it.",
        "An administrator sets the address back, or starts a portal of its own for the other environment.",
        worded("brake", "other_environment") + worded("key", "other_end") + worded("try", "environment")
        + worded("pull", "other_environment"),
    ),
    Entry(
        "database-restored", STOPPED, "The database may not be the newest one",
        "The portal compares its database with a checkpoint that lies outside of it. They do not fit, so "
        "nothing is sent: what this database has forgotten would be sent twice.",
        "A backup was restored, the database was copied or moved, or the checkpoint was lost.",
        "Whoever runs the portal runs the command “restored”, as the deployment guide says. What the lost "
        "hours may have sent is then looked for at Inbox Health before it is sent.",
        worded("checkpoint", "restored", "behind", "taken_over", "missing", "foreign", "waiting")
        + worded("delivery", "held", "restored"),
    ),
    Entry(
        "checkpoint-not-read", STOPPED, "The checkpoint can't be read",
        "The checkpoint outside the database shows whether this database is the newest one. Without it "
        "nothing is sent; edits are still saved.",
        "Its volume is not mounted or full, or its address does not answer.",
        "Whoever runs the portal makes it reachable again. Sending then resumes by itself.",
        worded("checkpoint", "unreadable"),
    ),
    Entry(
        "storm", STOPPED, "Inbox Health failed twenty times running",
        "The portal stopped the key by itself and asks Inbox Health from time to time.",
        "Sending into an outage would only leave more outcomes unknown.",
        "Nothing. It goes on by itself once an answer comes; everything waits in its order.",
        worded("brake", "storm"),
    ),
    Entry(
        "sending-stopped", STOPPED, "Sending is stopped",
        "For everything, one key, one enterprise or one batch. Deliveries wait, in their order; edits are "
        "still saved.",
        "A person stopped it. The bar on every page, or the batch, says who or why.",
        "Press Resume, or on a batch Go on, when the reason is gone. Operators and administrators can.",
        worded("brake", "all", "key", "enterprise", "person") + worded("try", "stopped"),
    ),
    Entry(
        "batch-paused", STOPPED, "A batch paused itself",
        "One cause failed twenty times running, so the rest of the batch waits.",
        "What went wrong so often would go wrong for the others as well.",
        "Mend the cause that the batch names, then press Go on.",
        worded("brake", "cause"),
    ),
    Entry(
        "first-few-settled", STOPPED, "The first few are settled, the rest waits",
        "The push was started with five first. They have their answers.",
        "It was asked for that way on the preview.",
        "Look at the five at Inbox Health, then press Go on.",
        worded("brake", "first"),
    ),
)  # fmt: skip
