"""A day in an applicant's portal, with the generated client: open, fill in, submit, look at the checklist, find it in the list."""

import json
import os
from http import HTTPStatus
from pathlib import Path

from second_opinion_client import AuthenticatedClient, Client
from second_opinion_client.api.cases import create_case, create_session, get_case, list_cases, update_case
from second_opinion_client.models import CreateOpinionCase, CreateSession, OpinionCase, OpinionCaseList, OpinionCasePatch, Problem, SessionTokens
from second_opinion_client.models import CaseKind


def expect(kind, answer):
    """The parsed body, which must be of this type."""
    if isinstance(answer.parsed, Problem):
        raise SystemExit(f"{answer.status_code} {answer.parsed.code} {answer.parsed.errors}")
    if not isinstance(answer.parsed, kind):
        raise SystemExit(f"{answer.status_code}: {type(answer.parsed).__name__} instead of {kind.__name__}: {answer.content[:400]!r}")
    return answer.parsed


base_url = os.environ["BASE_URL"]
people = json.loads(Path(os.environ["CREDENTIALS_FILE"]).read_text(encoding="utf-8"))
applicant = next(one for one in people if one["role"] == "applicant")

credentials = CreateSession(email=applicant["email"], password=applicant["password"])
session = expect(SessionTokens, create_session.sync_detailed(client=Client(base_url=base_url), body=credentials))
client = AuthenticatedClient(base_url=base_url, token=session.access_token)

created = create_case.sync_detailed(client=client, body=CreateOpinionCase(kind=CaseKind.WRITTEN_OPINION))
draft = expect(OpinionCase, created)
patch = OpinionCasePatch(kind=CaseKind.PATIENT_CONSULTATION)
expect(OpinionCase, update_case.sync_detailed(draft.id, client=client, body=patch, if_match=created.headers["etag"]))
page = expect(OpinionCaseList, list_cases.sync_detailed(client=client, limit=5))
assert any(one.id == draft.id for one in page.data), "the case is not in the list"

refused = get_case.sync_detailed("case_00000000000000000000000000", client=client)
assert refused.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.OK), refused
print("  · Python: walked through the live server")
