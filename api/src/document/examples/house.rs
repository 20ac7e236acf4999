//! Examples of the catalogue, of sign-in, and of what administrators keep.

use application::demo::ids::{self, in_house};
use domain::ids::{AgencyKey, ApprovalKey, DepartmentKey, FeeScheduleKey, JobKey, RegistrationKey, SessionKey, TermsKey, UserKey};
use serde_json::json;

use super::{Example, example};

const PASSWORD: &str = "plum tree in the rain";
const NEW_PASSWORD: &str = "a lantern on the far shore";

pub(super) fn all() -> Vec<Example> {
    [catalogue(), calendar(), registration(), sessions(), account(), people(), places()].into_iter().flatten().collect()
}

fn catalogue() -> Vec<Example> {
    vec![
        example("getCatalogue"),
        example("getVocabulary"),
        example("listFeeSchedules"),
        example("getFeeSchedule").with("fee_schedule_id", in_house::<FeeScheduleKey>(1).to_string()),
        example("listTerms"),
        example("getTerms").with("terms_id", in_house::<TermsKey>(1).to_string()),
        example("createQuote")
            .body(json!({ "kind": "written_opinion", "re_examination": { "biopsy_slides": 2, "resected_specimens": 0 } })),
        example("listDepartments"),
        example("listProblems"),
        example("getProblem").with("code", "not_found"),
    ]
}

fn calendar() -> Vec<Example> {
    let hours = json!({
        "physician_id": in_house::<UserKey>(5), "department_id": in_house::<DepartmentKey>(1), "days": ["2029-03-01", "2029-03-02"],
        "begins": "15:00", "ends": "17:00",
    });
    vec![
        example("getClosedDays").with("from_on", "2027-04-28").with("until_on", "2027-05-06"),
        example("updateClosedDays").by("coordinator").with("If-Match", "*").body(json!({
            "closed_days": [{ "closed_on": "2027-05-17", "text": "Anniversary of the hospital", "text_ja": "開院記念日" }],
        })),
        example("createAvailability").by("coordinator").body(hours.clone()),
        example("deleteAvailability").by("coordinator").body(hours),
        example("listAvailability").by("coordinator"),
        example("listPhysicians").by("mei.tanaka"),
        example("listSlots").by("mei.tanaka").with("time_zone", "America/New_York"),
    ]
}

fn registration() -> Vec<Example> {
    let registration = ids::half_done::<RegistrationKey>(1);
    vec![
        example("registerApplicant").body(json!({
            "email": "lena.olsson@demo.example", "password": NEW_PASSWORD, "name": { "alphabetic": "Lena Olsson" }, "language": "en",
        })),
        example("resendVerification").body(json!({ "registration_id": registration })),
        example("verifyEmail").body(json!({ "registration_id": registration, "code": ids::REGISTRATION_CODE })),
        example("requestPasswordReset").body(json!({ "email": "omar.haddad@demo.example" })),
        example("resetPassword").body(json!({ "code": ids::PASSWORD_CODE, "password": NEW_PASSWORD })),
    ]
}

fn sessions() -> Vec<Example> {
    // The demo cannot know a refresh token: each is random. Signing out takes any.
    let unknown = json!({ "refresh_token": "d2hhdGV2ZXIgaXMgaGVyZSBpcyBub3QgYSB0b2tlbiE" });
    vec![
        example("createSession").body(json!({ "email": "mei.tanaka@demo.example", "password": PASSWORD })),
        example("refreshSession").body(unknown.clone()).answered(json!({
            "session_id": ids::half_done::<SessionKey>(1), "user_id": in_house::<UserKey>(1), "token_type": "Bearer",
            "access_token": "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSJ9.e30.c2ln", "expires_in": 900,
            "refresh_token": "d2hhdGV2ZXIgaXMgaGVyZSBpcyBub3QgYSB0b2tlbiE", "device_token": null, "scope": "account:read account:write cases:read",
        })),
        example("signOut").body(unknown),
        example("listSessions").by("mei.tanaka"),
        example("endSession").by("mei.tanaka").with("session_id", ids::half_done::<SessionKey>(1).to_string()),
        example("endOtherSessions").by("mei.tanaka"),
        example("deleteSession").by("mei.tanaka"),
    ]
}

fn account() -> Vec<Example> {
    vec![
        example("getMe").by("mei.tanaka"),
        example("updateMe").by("mei.tanaka").version(1).body(json!({ "phone": "+81312345678" })),
        example("requestEmailChange").by("omar.haddad").body(json!({ "new_email": "omar.new@demo.example", "current_password": PASSWORD })),
        example("confirmEmailChange").by("mei.tanaka").body(json!({ "code": ids::EMAIL_CODE })),
        example("changePassword").by("omar.haddad").body(json!({ "current_password": PASSWORD, "new_password": NEW_PASSWORD })),
    ]
}

fn people() -> Vec<Example> {
    let omar = in_house::<UserKey>(2);
    vec![
        example("listUsers").by("administrator"),
        example("createUser").by("administrator").body(json!({
            "email": "desk.second@demo.example", "name": { "alphabetic": "Saki Arai", "native": "新井 咲" }, "language": "ja",
            "roles": [{ "role": "coordinator" }],
        })),
        example("getUser").by("administrator").with("user_id", omar.to_string()),
        example("updateUser").by("administrator").with("user_id", omar.to_string()).version(1).body(json!({ "phone": "+9626123456" })),
        example("listPendingApprovals").by("administrator.second"),
        example("approveRoles").by("administrator.second").with("approval_id", ids::half_done::<ApprovalKey>(1).to_string()),
        example("getSettings").by("administrator"),
        example("updateSettings").by("administrator").version(1).body(json!({ "billing": { "quote_valid_days": 45 } })),
        example("createTerms").by("administrator").body(json!({
            "version": "2027-04-01", "effective_on": "2027-04-01",
            "text_en": "1. A second opinion is advice on the records that you hand in.",
            "text_ja": "1. セカンドオピニオンは、ご提出いただいた資料に基づく意見です。",
            "cancellation_policy": {
                "before_work_percent": 100, "during_work_percent": 50, "after_work_percent": 0,
                "visit_steps": [
                    { "days_before": 4, "percent": 100 }, { "days_before": 1, "percent": 50 }, { "days_before": 0, "percent": 0 },
                ],
            },
        })),
        example("listFailedJobs").by("administrator"),
        // No job of the demo fails.
        example("retryJob").by("administrator").with("job_id", in_house::<JobKey>(1).to_string()).answered(json!({
            "id": in_house::<JobKey>(1), "name": "send_email", "label": "Send a letter", "case_id": null,
            "created_at": "2026-11-24T03:00:00Z", "attempts": 12, "failure": "internal",
            "failed_at": "2026-11-25T09:12:00Z", "next_attempt_at": "2026-11-26T03:00:00Z",
        })),
        example("listAuditEntries").by("auditor"),
    ]
}

fn places() -> Vec<Example> {
    let agency = in_house::<AgencyKey>(1);
    vec![
        example("listAgencies").by("administrator"),
        example("createAgency").by("administrator").body(json!({
            "name": "Nordic Health Travel", "contact": { "name": "Anders Berg", "email": "desk@nordic.demo.example" },
        })),
        example("getAgency").by("administrator").with("agency_id", agency.to_string()),
        example("updateAgency")
            .by("administrator")
            .with("agency_id", agency.to_string())
            .version(1)
            .body(json!({ "contact": { "name": "Lin Wei" } })),
        example("createDepartment").by("administrator").body(json!({ "name_ja": "呼吸器外科", "name_en": "Thoracic Surgery" })),
        example("updateDepartment")
            .by("administrator")
            .with("department_id", in_house::<DepartmentKey>(2).to_string())
            .version(1)
            .body(json!({ "accepting": false })),
    ]
}
