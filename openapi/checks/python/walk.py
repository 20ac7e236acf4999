"""A day in an applicant's portal, with the generated client: open, fill in, submit, look at the checklist, find it in the list, put a visit into a calendar."""

import datetime
import json
import os
from pathlib import Path

import icalendar
from second_opinion_client import AuthenticatedClient, Client
from second_opinion_client import models as m
from second_opinion_client.api.appointments import get_calendar_entry, list_appointments
from second_opinion_client.api.cases import create_case, list_cases, submit_case, update_case
from second_opinion_client.api.required_items import get_checklist
from second_opinion_client.api.sign_in import create_session


def expect(kind, answer):
    """The parsed body, which must be of this type."""
    if isinstance(answer.parsed, m.Problem):
        raise SystemExit(f"{answer.status_code} {answer.parsed.code} {[one.pointer for one in answer.parsed.errors]}")
    if not isinstance(answer.parsed, kind):
        raise SystemExit(f"{answer.status_code}: {type(answer.parsed).__name__} instead of {kind.__name__}: {answer.content[:400]!r}")
    return answer.parsed


base_url = os.environ["BASE_URL"]
people = json.loads(Path(os.environ["CREDENTIALS_FILE"]).read_text(encoding="utf-8"))
applicant = next(one for one in people if one["role"] == "applicant")

credentials = m.CreateSession(email=applicant["email"], password=applicant["password"])
session = expect(m.SessionTokens, create_session.sync_detailed(client=Client(base_url=base_url), body=credentials))
client = AuthenticatedClient(base_url=base_url, token=session.access_token)

created = create_case.sync_detailed(client=client, body=m.CreateOpinionCase(kind=m.ServiceKind.PATIENT_CONSULTATION))
draft = expect(m.OpinionCase, created)
assert draft.stage is m.CaseStage.DRAFT, draft.stage

# An unfinished form is refused, and every field at fault is named.
early = submit_case.sync_detailed(draft.id, client=client)
assert isinstance(early.parsed, m.Problem) and len(early.parsed.errors) > 1, early

address = m.PostalAddressPatch(country="SG", lines=["12 Orchard Road"], city="Singapore", postal_code="238801")
patient = m.PatientPatch(
    name=m.PersonNamePatch(alphabetic="Tan Mei", native="陳美"),
    birth_on=datetime.date(1961, 4, 12),
    address=address,
    phone="+6562357222",
    email="mei@example.org",
    language="en",
)
contact = m.ContactPersonPatch(
    name=m.PersonNamePatch(alphabetic="Tan Jun"), relation=m.RelationToPatient.CHILD, address=address, phone="+6562357223", email="jun@example.org"
)
patch = m.OpinionCasePatch(application=m.ApplicationPatch(patient=patient, contact_person=contact, language="en"))
filled = expect(m.OpinionCase, update_case.sync_detailed(draft.id, client=client, body=patch, if_match=created.headers["etag"]))
assert filled.application.patient.name.native == "陳美", filled.application
assert filled.application.patient.birth_on == datetime.date(1961, 4, 12), filled.application

submitted = expect(m.OpinionCase, submit_case.sync_detailed(draft.id, client=client))
assert submitted.stage is m.CaseStage.SUBMITTED, submitted.stage
assert isinstance(submitted.submitted_at, datetime.datetime), submitted.submitted_at

checklist = get_checklist.sync_detailed(draft.id, client=client)
assert checklist.status_code == 200 and b"application_form" in checklist.content, checklist

page = expect(m.OpinionCaseSummaryList, list_cases.sync_detailed(client=client, limit=100))
assert any(one.id == draft.id for one in page.data), "the case is not in the list"
# The entry of a booked visit, read by another library than the one that wrote it.
visits = expect(m.OpinionCaseSummaryList, list_cases.sync_detailed(client=client, stage=m.CaseStage.SCHEDULED)).data
booked = expect(m.CaseAppointmentList, list_appointments.sync_detailed(visits[0].id, client=client)).data[-1]
entry = get_calendar_entry.sync_detailed(visits[0].id, booked.id, client=client)
(event,) = icalendar.Calendar.from_ical(entry.content).walk("VEVENT")
assert event.decoded("dtstart") == booked.time.starts_at and event.decoded("dtend") == booked.time.ends_at, entry.content
assert str(event["uid"]) == visits[0].id and str(event["status"]) == "CONFIRMED", entry.content
assert "International Services" in str(event["location"]), entry.content
print("  · Python: walked through the live server")
