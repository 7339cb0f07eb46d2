"""The vendor's known answer. Source: contract, section 6."""

KNOWN_URL = "https://coolcompany.com/api/v1/webhooks"
KNOWN_SIGNATURE = "93G+w7p0GC2FB+us2KO8lT/XfZM="
KNOWN_BODY = (
    b'{"id":4806,"livemode":false,"created_at":"2019-08-29T12:06:53.000-04:00","event_type":"patient_created",'
    b'"event_data":{"object":{"id":669,"user_id":null,"enterprise_id":10,"first_name":"Ed","middle_name":"E",'
    b'"last_name":"Edison","created_at":"2019-08-24T23:08:14.691Z","updated_at":"2019-08-25T10:06:48.507Z",'
    b'"address_line_1":"123 Mansion Rd","address_line_2":null,"city":"Thimbleweed Park","state":"WA",'
    b'"cell_phone":"(555) 555-5555","secondary_phone":"(555) 555-5555","date_of_birth":"1987-10-07",'
    b'"primary":true,"ssn":"801-31-3292","sex":"Male","removed":false,"email":"weirded@edisons.com",'
    b'"zip":"06510","email_two":null,"health_record_id":"12345","notes":null,"balance_cents":0,"soft_delete":0,'
    b'"last_notified_at":null,"race":null,"language":"English","ethnicity":null,"marital_status":"Single",'
    b'"employment_status":null,"employer_name":null,"contact_preference":"both","occupation":null,'
    b'"pharmacy_name":null,"pharmacy_address_line_1":null,"pharmacy_address_line_2":null,"pharmacy_city":null,'
    b'"pharmacy_state":null,"pharmacy_phone_number":null,"maiden_name":null,"home_phone":null,'
    b'"work_phone":"(555) 555-5555","practice_id":13,"sms_opt_out":false,"phone_opt_out":false,'
    b'"statement_cycle_started_at":null,"collection_warning_letter_date":null,"needs_card_update":false,'
    b'"corrected_address_line_1":null,"corrected_address_line_2":null,"corrected_city":null,'
    b'"corrected_state":null,"corrected_zip":null,"links":{"invoices":null,"payments":null,'
    b'"notifications":null,"patient_payment_infos":null,"tickets":null},"object":"patient"}}}'
)
