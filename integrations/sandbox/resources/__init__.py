"""The nouns this sandbox keeps, each described in a file of its own.

A new noun is a new file and a line here.
"""

from integrations.sandbox.resources import (
    account_types,
    admin_organizations,
    attachments,
    doctors,
    endpoints,
    enterprises,
    invoice_payments,
    invoices,
    line_items,
    notifications,
    patients,
    payment_adjustments,
    payment_reasons,
    payments,
    practices,
    sftp_uploads,
    users,
    write_off_codes,
    write_offs,
)
from integrations.sandbox.resources.description import Resource

RESOURCES: dict[str, Resource] = {
    one.name: one
    for one in (
        enterprises.RESOURCE,
        practices.RESOURCE,
        doctors.RESOURCE,
        patients.RESOURCE,
        invoices.RESOURCE,
        line_items.RESOURCE,
        payments.RESOURCE,
        invoice_payments.RESOURCE,
        invoice_payments.LINK,
        payment_adjustments.RESOURCE,
        payment_reasons.RESOURCE,
        write_off_codes.RESOURCE,
        write_offs.RESOURCE,
        account_types.RESOURCE,
        attachments.RESOURCE,
        notifications.RESOURCE,
        endpoints.RESOURCE,
        users.RESOURCE,
        admin_organizations.RESOURCE,
        sftp_uploads.RESOURCE,
        sftp_uploads.BATCH,
    )
}
SEEDS = {"users": users.SEEDS, "admin_organizations": admin_organizations.SEEDS}
"""Records that every account has from its first day."""
