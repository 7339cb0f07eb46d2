"""What the services' database role may do, table by table. Closed: what is not said here is not allowed.

A new table gets a line here, or grant_service_role, and so every test, stops with its name. Give it the least
that its code needs. Locking rows (select_for_update) needs UPDATE; on one column is enough for it.
"""

from __future__ import annotations

ALL_BUT_KEY = "{all_but_key}"  # every column but the primary key, which the sequence alone gives out

READ = "SELECT"
ADD = "SELECT, INSERT"
# Evidence: added to and read; nobody picks the row's number, and the database dates it (a trigger).
RECORD = f"SELECT, INSERT ({ALL_BUT_KEY})"
KEEP = "SELECT, INSERT, UPDATE"  # rows that change and are never deleted
WORK = "SELECT, INSERT, UPDATE, DELETE"

RIGHTS: dict[str, str] = {
    # What happened. Re-wrapping, erasure and disposal are acts of the owner.
    "audit_answer": RECORD,
    "audit_checkpoint": "SELECT, UPDATE",  # its one row says whether this database may send
    "audit_data_key": RECORD,
    "audit_entry": RECORD,
    "audit_exchange": RECORD,
    # History, written by triggers that run as whoever changed the record.
    "pghistory_context": "SELECT, INSERT, UPDATE (metadata, updated_at)",  # a trigger ends that after a day
    "records_doctorevent": RECORD,
    "records_endpointevent": RECORD,
    "records_enterpriseevent": RECORD,
    "records_invoiceevent": RECORD,
    "records_invoicepaymentevent": RECORD,
    "records_lineitemevent": RECORD,
    "records_patientevent": RECORD,
    "records_paymentadjustmentevent": RECORD,
    "records_paymentevent": RECORD,
    "records_practiceevent": RECORD,
    "records_writeoffevent": RECORD,
    # What only migrations change: which permissions there are, and which role has them.
    "auth_group": "SELECT, UPDATE (id)",  # its row is locked while administrators are counted
    "auth_group_permissions": READ,
    "auth_permission": READ,
    "django_content_type": READ,
    "django_migrations": READ,
    "django_admin_log": "",  # the activity log is ours; Django's is off
    # Staff, keys, sessions.
    "account_emailaddress": WORK,
    "account_emailconfirmation": WORK,
    "accounts_apikey": KEEP,
    "accounts_environmentstamp": ADD,
    "accounts_staff": KEEP,
    "accounts_staff_groups": WORK,
    "accounts_staff_user_permissions": WORK,
    "accounts_tries": WORK,
    "axes_accessattempt": WORK,
    "axes_accessattemptexpiration": WORK,
    "axes_accessfailurelog": WORK,
    "axes_accesslog": WORK,
    "django_session": WORK,
    "usersessions_usersession": WORK,
    # The schedule.
    "django_celery_beat_clockedschedule": WORK,
    "django_celery_beat_crontabschedule": WORK,
    "django_celery_beat_intervalschedule": WORK,
    "django_celery_beat_periodictask": WORK,
    "django_celery_beat_periodictasks": WORK,
    "django_celery_beat_solarschedule": WORK,
    # Sending.
    "delivery_aside": WORK,
    "delivery_attempt": KEEP,
    "delivery_brake": WORK,
    "delivery_delivery": KEEP,
    "delivery_heartbeat": WORK,
    "delivery_lookup": KEEP,
    "delivery_plan": WORK,
    "delivery_planitem": WORK,
    "jobs_job": WORK,
    "jobs_notice": WORK,
    # The mirror, files in and out.
    "records_accounttype": WORK,
    "records_difference": WORK,
    "records_doctor": WORK,
    "records_endpoint": WORK,
    "records_enterprise": WORK,
    "records_export": WORK,
    "records_exportpiece": WORK,
    "records_floor": WORK,
    "records_import": WORK,
    "records_importedrecord": WORK,
    "records_importpiece": WORK,
    "records_importrow": WORK,
    "records_invoice": WORK,
    "records_invoicepayment": WORK,
    "records_joined": WORK,
    "records_lineitem": WORK,
    "records_notification": WORK,
    "records_notsame": WORK,
    "records_onboarding": WORK,
    "records_onboardingnote": WORK,
    "records_patient": WORK,
    "records_payment": WORK,
    "records_paymentadjustment": WORK,
    "records_paymentreason": WORK,
    "records_practice": WORK,
    "records_rememberedcolumns": WORK,
    "records_rememberednames": WORK,
    "records_scope": WORK,
    "records_sighting": WORK,
    "records_surplus": KEEP,
    "records_writeoff": WORK,
    "records_writeoffcode": WORK,
    # Pulls, events, Try It.
    "explorer_draft": WORK,
    "explorer_trial": WORK,
    "explorer_writewindow": WORK,
    "sync_posting": WORK,
    "sync_pull": WORK,
    "sync_pullpart": WORK,
    "sync_receivedpayment": WORK,
    "webhooks_event": KEEP,
    "webhooks_lateevent": WORK,
    "webhooks_refusal": WORK,
    "webhooks_retiredkey": WORK,
}
