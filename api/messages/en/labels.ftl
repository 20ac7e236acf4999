# Labels of codes, and texts that are no problems. One word per thing, as in the glossary.

## next_step
next_step-ask_payer_for_the_rest = Ask the payer for the rest
next_step-none = Nothing more is to be done about this payment
next_step-check_the_difference = Check the difference that was booked
next_step-agree_with_payer_on_the_excess = Agree with the payer on what was paid too much
next_step-give_back_to_payer = Give it back to the payer

## role
role-applicant = Applicant
role-agency = Medical coordination agency
role-coordinator = International Services
role-physician = Physician
role-chief = Chief physician
role-director = Director
role-accountant = Billing
role-pathologist = Pathology desk
role-administrator = System administrator
role-auditor = Auditor

## kind
kind-patient_consultation = Second opinion consultation for a patient
kind-representative_consultation = Second opinion consultation with a person who visits hospital on behalf of the patient
kind-written_opinion = Second opinion in written format

## service
service-patient_consultation = The patient visits and talks with a physician of the appropriate department about the current treatment, the condition and possible options. For patients who live overseas and wish treatment here, the first appointment is usually this consultation.
service-representative_consultation = Family members, friends or others visit on behalf of a patient who does not live in Japan. Visitors who are not family provide a consent form signed by the patient. Family may also come before the patient knows the condition.
service-written_opinion = For patients without family or friends in Japan: the director or chief physician of the appropriate department gives opinions and recommendations in a document of one page, based on the medical information and the questions. The work begins when the payment is confirmed.

## fee
fee-consultation_first_30_min = Consulting in person, 30 minutes
fee-consultation_additional_30_min = Consulting in person, every additional 30 minutes
fee-written_opinion = Second opinion in written format
fee-pathology_biopsy_slide = Biopsy slide (stained)
fee-pathology_resected_slides = Slides of resected materials (stained)

## coverage
coverage-conversation = Consultation with a physician of the department, 30 minutes
coverage-one_page_opinion = A written opinion of one page
coverage-re_examination = Re-examination of pathology slides
coverage-further_time = Time beyond what is stated, agreed on before each extension
coverage-medical_exam = Medical exams; usually none is performed
coverage-treatment = Treatment
coverage-translation = Translation of documents
coverage-interpreting = Interpreting during the visit
coverage-slide_shipping = Sending slides here and back
coverage-bank_charges = Bank charges of a transfer

## item
item-application_form = Application form
item-patient_consent = Consent form signed by the patient
item-agency_disclosure_consent = Consent to disclosure to the agency, signed by the patient
item-referral_letter = Referral letter
item-treatment_history = Treatment history
item-diagnostic_images = Diagnostic image data
item-exam_reports = Exam reports
item-blood_test = Latest blood test results
item-screening_results = Screening results
item-pathology_slides = Pathology slides (glasses)
item-pathology_report = Pathology report

## item_help
item_help-application_form = Please fill out all contact information for the patient and one other person, such as a family member or a contact person.
item_help-patient_consent = Signed by the patient, for a visitor who is not family.
item_help-agency_disclosure_consent = Signed by the patient, before an agency receives the opinion.
item_help-referral_letter = Written by the physician who treats the patient now, with the medical history and the details of the treatment; or a document with the previous treatment.
item_help-treatment_history = Exams (date, name, results, diagnosis), surgery (date, procedure, pathological results), chemotherapy (duration, frequency, efficacy, medications), radiation (duration, amount, irradiated area), as far as they are known.
item_help-diagnostic_images = CT, MRI, PET-CT, endoscopy (upper, lower), ultrasonography and others. DICOM is preferred; please do not send photographs of images, and endoscopy in colour.
item_help-exam_reports = The reports that belong to the submitted images.
item_help-blood_test = The latest results, with their date.
item_help-screening_results = Those that pertain to the diagnosis, if there are any.
item_help-pathology_slides = Stained glass slides, if they are to be examined again here; please turn them in with the pathology report before the visit.
item_help-pathology_report = The report that belongs to the slides.

## level
level-required = Required
level-required_if = Required where it applies
level-recommended = Recommended
level-if_available = If available

## item_state
item_state-missing = Missing
item_state-provided = Provided
item_state-verified = Verified
item_state-rejected = To be sent again
item_state-unavailable = Cannot be provided
item_state-set_aside = Set aside
item_state-waived = Waived

## why
why-every_case = For every application
why-visitor_is_not_family = If a visitor is not family
why-hospital_asks_family = Of family, too
why-agency_receives = If an agency receives the opinion
why-re_examination_requested = If slides are to be examined again
why-medical_information = It helps the physician; please provide what you can prepare
why-asked_for = The hospital asked for it

## stage
stage-draft = Draft
stage-submitted = Submitted
stage-information_requested = Information requested
stage-in_triage = Under review for acceptance
stage-accepted = Accepted
stage-scheduled = Scheduled
stage-consulted = Consultation held
stage-awaiting_payment = Awaiting payment
stage-writing = Opinion being written
stage-in_review = Opinion under review
stage-delivered = Opinion delivered
stage-closed = Closed
stage-declined = Declined
stage-cancelled = Cancelled
stage-expired = Expired

## decline_reason
decline_reason-outside_specialty = Outside our specialty
decline_reason-department_unavailable = No department available
decline_reason-no_records = Not enough records
decline_reason-untranslated_records = No records in Japanese or English
decline_reason-no_consent = Required consent missing
decline_reason-patient_deceased = Patient has died
decline_reason-treatment_finished = Judgement of past treatment
decline_reason-litigation = Litigation or malpractice
decline_reason-fee_or_benefit_dispute = Fees or benefits
decline_reason-complaint_about_physician = Complaint about a physician
decline_reason-transfer_wish = Transfer only
decline_reason-current_physician_objects = Current physician objects
decline_reason-no_cancer_diagnosis = No cancer diagnosis: screening
decline_reason-duplicate = Duplicate application
decline_reason-patient_must_be_told = Not without the patient being told
decline_reason-other = Other

## cancel_reason
cancel_reason-withdrawn = Withdrawn by the applicant
cancel_reason-patient_deceased = Patient has died
cancel_reason-condition_worsened = Change in the patient's condition
cancel_reason-hospital_reason = Reason on the hospital's side
cancel_reason-duplicate = Duplicate application
cancel_reason-not_paid = Payment not received
cancel_reason-not_attended = The visit did not take place
cancel_reason-force_majeure = Circumstances beyond control

## event
event-case_opened = A draft was opened
event-application_changed = The application was changed
event-contacts_corrected = The contacts were corrected
event-case_submitted = The application was submitted
event-information_requested = Information was requested
event-information_answered = The request for information was answered
event-information_request_withdrawn = The request for information was withdrawn
event-item_provided = A required item was handed in
event-item_verified = A required item was verified
event-item_rejected = A required item must be sent again
event-item_waived = An item need not be handed in
event-document_uploaded = A document was uploaded
event-document_deleted = A document was deleted
event-treatment_recorded = The treatment history was changed
event-triage_started = The review for acceptance began
event-case_reassigned = The application was passed to another department
event-physician_assigned = A physician was assigned
event-case_accepted = The hospital accepted the application
event-case_declined = The hospital declined the application
event-quote_accepted = The estimate was accepted
event-estimate_issued = An estimate was made
event-estimate_accepted = The estimate was accepted
event-estimate_withdrawn = The estimate was withdrawn
event-re_examination_proposed = More slides are proposed for re-examination
event-re_examination_changed = The slides to be re-examined changed
event-re_examination_lapsed = Proposed slides will not be re-examined
event-slides_counted = The slides that arrived were counted
event-findings_recorded = The findings of the re-examination were recorded
event-invoice_issued = The invoice was issued
event-payment_recorded = A payment was recorded
event-payment_reversed = A payment was reversed
event-invoice_credited = A credit note was issued
event-invoice_extended = The term of the invoice was extended
event-invoice_reissued = The invoice was corrected
event-writing_stopped = The work waits for its payment again
event-writing_started = The physician began to write
event-opinion_submitted = The opinion was submitted for review
event-opinion_returned = The opinion was returned to its author
event-opinion_delivered = The opinion was delivered
event-opinion_sent = The opinion was sent by post
event-patient_death_recorded = The patient’s death was recorded
event-patient_death_withdrawn = The record of the patient’s death was withdrawn
event-opinion_addendum_added = An addendum was added
event-case_held = The clocks stand still
event-case_resumed = The clocks go on
event-refund_opened = A refund has been started
event-refund_applied = A refund has paid another invoice
event-refund_returned = A refund came back
event-refund_paid = The refund has been sent
event-slide_return_opened = Slides must be sent back
event-case_cancelled = The case was cancelled
event-case_expired = The case expired
event-case_overdue = The opinion is overdue
event-case_closed = The case was closed
event-member_joined = Somebody joined the case
event-representative_added = Somebody was added who visits for the patient
event-representative_changed = The data of somebody who visits were corrected
event-representative_ended = Somebody does not visit any longer
event-patient_uninformed_claimed = It was recorded that the patient does not know yet
event-patient_uninformed_attested = The department decided about “patient not yet informed”
event-patient_uninformed_ended = “Patient not yet informed” ended
event-consent_registered = A consent was handed in
event-consent_verified = A consent was checked and is right
event-consent_refused = A consent must be sent again
event-consent_withdrawn = A consent was withdrawn
event-appointment_wishes_proposed = Dates were proposed
event-appointment_offered = Times were offered
event-appointment_offer_withdrawn = The offer was withdrawn
event-appointment_lapsed = The time is no longer held
event-appointment_reserved = A time is reserved until it is paid
event-appointment_confirmed = The appointment is confirmed
event-appointment_moved = The appointment was moved
event-physician_substituted = Another physician receives you
event-appointment_cancelled = The appointment was cancelled
event-visit_not_held = The visit did not take place
event-arrival_recorded = People arrived
event-extension_agreed = An extension was agreed on
event-consultation_recorded = The consultation took place
event-consultation_corrected = The record of the consultation was corrected
event-consultation_broken_off = The consultation was broken off by the hospital
event-exam_recorded = An exam was recorded
event-reviewed_again = Another department looks at the application
event-treatment_requested = Treatment at the hospital was asked for
event-treatment_answered = The request for treatment was answered
event-kind_proposed = Another service was proposed
event-kind_proposal_withdrawn = The proposal of another service was withdrawn
event-kind_changed = The service was changed
event-message_posted = A message was written
event-case_reopened = The application is open again

## language
language-en = English
language-ja = Japanese

## letter
letter-announced = If the address can be used, a letter with a code is on its way.

## advice
advice-someone_in_japan_should_visit_first = If the patient lives abroad, it is recommended that someone living in Japan visits the hospital for a consultation first, before the patient actually travels to Japan for treatment.
advice-images_without_report = Please add the exam reports that belong to the images.
advice-endoscopy_in_colour = Please provide endoscopic images in colour, if possible.
advice-photographs_not_wanted = Please do not send photographs of films or screens, as they are not very sharp. DICOM is preferred.
advice-usually_no_exam = Usually no medical exam is performed during the consultation.
advice-documents_translated = Documents must be in Japanese or English, or translated into one of them.

## emergency
emergency = Messages are not read at night or on holidays. In an emergency please contact your physician or the emergency service where you are.

## notice
notice-may_be_declined = In certain circumstances a request may be declined. For details please contact International Services.
notice-treatment_here = If you would like to receive treatment at this hospital, you can ask the physician during the consultation. In that case you can discuss further details of your treatment plans with the physician.
notice-second_opinion = A second opinion is an opportunity for patients to decide about their treatment with more information: they hear the opinion of another physician about options besides those that their current physician suggests.

## policy
policy-share = { $percent } % is given back
policy-nothing = nothing is given back
policy-before_work = Written opinion, cancelled before the physician starts: { $share }.
policy-during_work = Written opinion, cancelled while it is written or reviewed: { $share }.
policy-after_work = Written opinion, cancelled after delivery: { $share }.
policy-visit-first = Visit paid in advance, cancelled { $from } or more days before: { $share }.
policy-visit-between = Visit paid in advance, cancelled { $from } to { $to } days before: { $share }.
policy-visit-one = Visit paid in advance, cancelled { $from } days before: { $share }.
policy-visit-eve = Visit paid in advance, cancelled on the day before: { $share }.
policy-visit-day = Visit paid in advance, cancelled on the day itself or not attended: { $share }.
policy-visit-always = Visit paid in advance, cancelled on any day or not attended: { $share }.
policy-unforeseen = Visit that was not held because the patient has died, the condition has worsened, or for a reason beyond your control such as a refused visa: everything is given back.
policy-re_examination = Re-examination of slides: everything is given back before the findings are recorded, nothing afterwards.
policy-hospital = Cancelled or declined by the hospital: everything is given back, except the price of slides whose findings are recorded.

## waiting_on
waiting_on-applicant = Applicant or agency
waiting_on-desk = International Services
waiting_on-department = Department
waiting_on-physician = Physician
waiting_on-accountant = Billing
waiting_on-pathology = Pathology desk
waiting_on-nobody = Nobody

## hold_reason
hold_reason-information = Information was asked for
hold_reason-slides = Slides are awaited
hold_reason-applicant = The applicant asked for it
hold_reason-department = The department asked for it
hold_reason-other = Another reason

## route
route-applicant = By the applicant
route-agency = By an agency
route-desk = By International Services

## relation
relation-applicant = Applicant
relation-patient = Patient
relation-representative = Representative
relation-agency = Medical coordination agency
relation-responsible = Physician in charge
relation-receiving = Physician of the visit
relation-department = Department
relation-desk = International Services
relation-pathology = Pathology desk
relation-billing = Billing

## membership
membership-applicant = Applicant
membership-patient = Patient
membership-representative = Representative

## relation_to_patient
relation_to_patient-spouse = Spouse
relation_to_patient-parent = Parent
relation_to_patient-child = Child
relation_to_patient-sibling = Brother or sister
relation_to_patient-grandparent = Grandparent
relation_to_patient-grandchild = Grandchild
relation_to_patient-other_family = Other family
relation_to_patient-friend = Friend
relation_to_patient-colleague = Colleague
relation_to_patient-caregiver = Caregiver
relation_to_patient-other = Other

## payer
payer-applicant = Applicant
payer-agency = Medical coordination agency
payer-patient = Patient
payer-other = Third party

## payment_method
payment_method-bank_transfer = Bank transfer
payment_method-card = Card
payment_method-cash = Cash

## payment_outcome
payment_outcome-partial = Part of the amount
payment_outcome-paid = Paid
payment_outcome-paid_with_shortfall = Paid, with a small difference
payment_outcome-overpaid = Paid too much
payment_outcome-late_duplicate = Paid again after it was settled
payment_outcome-after_end = Paid after the end

## estimate_status
estimate_status-issued = Awaiting your acceptance
estimate_status-accepted = Accepted
estimate_status-superseded = Replaced
estimate_status-withdrawn = Withdrawn
estimate_status-void = Void: the service was changed
estimate_status-expired = Expired

## invoice_status
invoice_status-issued = Awaiting payment
invoice_status-partly_paid = Partly paid
invoice_status-paid = Paid
invoice_status-overpaid = Overpaid
invoice_status-written_off = Written off
invoice_status-lapsed = Void, nothing to pay
invoice_status-credited = Cancelled

## fee_unit
fee_unit-half_hour = 30 minutes
fee_unit-case = Case
fee_unit-slide = Slide
fee_unit-specimen = Specimen

## opinion_stage
opinion_stage-draft = Draft
opinion_stage-submitted = Under review
opinion_stage-delivered = Delivered

## urgency
urgency-routine = In the normal course
urgency-soon = Within weeks
urgency-urgent = Within days

## request_state
request_state-open = Open
request_state-answered = Answered
request_state-withdrawn = Withdrawn

## media_kind
media_kind-pdf = PDF
media_kind-jpeg = JPEG picture
media_kind-png = PNG picture
media_kind-dicom = DICOM image

## consultation_payment
consultation_payment-on_the_day = On the day of the visit
consultation_payment-prepaid = Before the visit

## treatment_kind
treatment_kind-exam = Exam
treatment_kind-surgery = Surgery
treatment_kind-chemotherapy = Chemotherapy
treatment_kind-radiation = Radiation therapy

## party_field
party_field-name = Name
party_field-birth_on = Date of birth
party_field-address = Address
party_field-country = Country
party_field-phone = Telephone number
party_field-email = E-mail address
party_field-language = Language
party_field-relation = Relation to the patient

## blocked_step
blocked_step-nothing = Nothing
blocked_step-triage = Review for acceptance
blocked_step-reception = Reception of those whom it concerns
blocked_step-disclosure = Showing the opinion to the agency
blocked_step-due_window = The date on which the opinion is due

## account_status
account_status-invited = Invited
account_status-active = Active
account_status-disabled = Disabled

## audit_outcome
audit_outcome-done = Done
audit_outcome-replayed = Repeated
audit_outcome-refused = Refused
audit_outcome-failed = Failed

## session_mode
session_mode-token = In the answer
session_mode-cookie = In a cookie

## currency
currency-JPY = Japanese yen

## operation
operation-listAgencies = List agencies
operation-createAgency = Make an agency
operation-getAgency = Read an agency
operation-updateAgency = Change an agency
operation-listPendingApprovals = List what waits for a second administrator
operation-approveRoles = Approve roles
operation-listAuditEntries = Read the audit trail
operation-listCases = List cases
operation-createCase = Open a case
operation-countCases = Count cases
operation-getCase = Read a case
operation-updateCase = Change the application
operation-correctContacts = Correct the contacts
operation-acceptCase = Accept a case
operation-issueEstimate = Issue an estimate
operation-listEstimates = List the estimates of a case
operation-getEstimate = Read an estimate
operation-acceptEstimate = Accept an estimate
operation-withdrawEstimate = Withdraw an estimate
operation-listTerms = List the terms
operation-getTerms = Read the terms
operation-createTerms = Publish terms
operation-listMyAccesses = See who looked at my case
operation-assignPhysician = Assign a physician
operation-cancelCase = Cancel a case
operation-recordPatientDeath = Record the patient’s death
operation-withdrawPatientDeath = Withdraw the record of a death
operation-getChecklist = Read the checklist
operation-rejectItem = Reject an item
operation-verifyItem = Verify an item
operation-waiveItem = Waive an item
operation-closeCase = Close a case
operation-reopenCase = Reopen
operation-declineCase = Decline a case
operation-listDocuments = List documents
operation-uploadDocument = Hand in a document
operation-deleteDocument = Delete a document
operation-getDocument = Read a document's description
operation-updateDocument = Change a document's description
operation-downloadDocument = Download a document
operation-holdCase = Put a case on hold
operation-listInformationRequests = List requests for information
operation-requestInformation = Ask for information
operation-answerInformationRequest = Answer a request for information
operation-withdrawInformationRequest = Withdraw a request for information
operation-listRepresentatives = List those who visit for the patient
operation-addRepresentative = Add a representative
operation-updateRepresentative = Change a representative
operation-endRepresentative = End a representative
operation-claimPatientUninformed = State “patient not yet informed”
operation-attestPatientUninformed = Approve “patient not yet informed”
operation-endPatientUninformed = End “patient not yet informed”
operation-listConsents = List the consents
operation-registerConsent = Register a consent
operation-verifyConsent = Check a consent
operation-withdrawConsent = Withdraw a consent
operation-getConsentForm = Show the consent form
operation-proposeAppointmentWishes = Propose dates
operation-offerAppointment = Offer times
operation-withdrawAppointmentOffer = Withdraw the offer
operation-acceptAppointmentOffer = Accept the offered time
operation-bookAppointment = Book an appointment
operation-rescheduleAppointment = Move an appointment
operation-cancelAppointment = Cancel an appointment
operation-substitutePhysician = Change the physician
operation-markNotAttended = Record that the visit did not take place
operation-listAppointments = List the appointments
operation-getAppointment = Show an appointment
operation-getCalendarEntry = Get the calendar entry of a visit
operation-recordArrival = Record an arrival
operation-agreeExtension = Agree to an extension
operation-recordConsultation = Record the consultation
operation-correctConsultation = Correct the consultation
operation-recordExamException = Record an exam
operation-requestTreatment = Request treatment
operation-answerTreatmentRequest = Answer the request for treatment
operation-proposeCaseKind = Propose another service
operation-agreeCaseKind = Agree to another service
operation-withdrawCaseKindProposal = Withdraw the proposal of another service
operation-lapseAppointment = End an offer that nobody answered
operation-listInternalNotes = List internal notes
operation-addInternalNote = Write an internal note
operation-inviteToCase = Invite somebody to a case
operation-issueInvoice = Issue the invoice
operation-issuePaidInvoice = Issue an invoice that is paid
operation-listMessages = List messages
operation-postMessage = Write a message
operation-getOpinion = Read the opinion
operation-draftOpinion = Write the opinion
operation-getReExamination = Read the re-examination
operation-proposeReExamination = Propose that more slides be examined
operation-changeReExamination = Change the re-examination
operation-confirmSlides = Confirm the slides that arrived
operation-recordFindings = Record the findings
operation-addOpinionAddendum = Add an addendum
operation-deliverOpinion = Deliver the opinion
operation-recordOpinionSent = Record that the opinion was sent
operation-returnOpinion = Return the opinion
operation-submitOpinion = Submit the opinion
operation-reassignCase = Reassign to another department
operation-resumeCase = Resume a case
operation-startTriage = Start the review for acceptance
operation-submitCase = Submit the application
operation-listTimeline = Read what happened
operation-getTreatmentEntry = Read an entry of the treatment history
operation-listTreatmentEntries = List the treatment history
operation-addTreatmentEntry = Add to the treatment history
operation-deleteTreatmentEntry = Delete an entry of the treatment history
operation-updateTreatmentEntry = Change an entry of the treatment history
operation-getCatalogue = Read the catalogue
operation-getVocabulary = Read the vocabulary
operation-listDepartments = List departments
operation-createDepartment = Make a department
operation-updateDepartment = Change a department
operation-listFailedJobs = List jobs that failed
operation-retryJob = Try a job again
operation-listFeeSchedules = List fee schedules
operation-getFeeSchedule = Read a fee schedule
operation-acceptInvitation = Accept an invitation
operation-listInvoices = List invoices
operation-getInvoice = Read an invoice
operation-listReceivables = List what is owed
operation-listPayments = List payments
operation-recordPayment = Record a payment
operation-reversePayment = Reverse a payment
operation-recordUnmatchedPayment = Record an unmatched payment
operation-listUnmatchedPayments = List unmatched payments
operation-getUnmatchedPayment = Read an unmatched payment
operation-matchPayment = Match a payment
operation-returnUnmatchedPayment = Send an unmatched payment back
operation-reverseUnmatchedPayment = Reverse an unmatched payment
operation-issueCreditNote = Issue a credit note
operation-getCreditNote = Read a credit note
operation-extendInvoice = Extend the term of an invoice
operation-reissueInvoice = Correct an invoice
operation-getReceipt = Read a receipt
operation-printReceipt = Print a receipt
operation-writeOffInvoice = Ask to write off what is owed
operation-approveWriteOff = Approve a write-off
operation-rejectWriteOff = Reject a write-off
operation-getMe = Who I am
operation-updateMe = Change my account
operation-requestEmailChange = Ask for another address
operation-confirmEmailChange = Confirm another address
operation-changePassword = Change my password
operation-requestPasswordReset = Ask for a new password
operation-resetPassword = Set a password by a code
operation-listProblems = List problems
operation-getProblem = Read about a problem
operation-createQuote = Work out a price
operation-getQuote = Read a price calculation
operation-registerApplicant = Register as an applicant
operation-resendVerification = Send the code of a registration again
operation-verifyEmail = Verify an e-mail address
operation-listSessions = List my sessions
operation-createSession = Sign in
operation-deleteSession = Sign out
operation-endOtherSessions = End all my other sessions
operation-refreshSession = Refresh the tokens
operation-signOut = Sign out by the refresh token
operation-endSession = End one of my sessions
operation-getSettings = Read the settings
operation-updateSettings = Change settings
operation-getClosedDays = Show the closed days
operation-updateClosedDays = Change closed days
operation-createAvailability = Enter available times
operation-deleteAvailability = Delete available times
operation-listAvailability = List available times
operation-listSlots = Free times
operation-listPhysicians = List the physicians
operation-listUsers = List accounts
operation-createUser = Make an account
operation-getUser = Read an account
operation-expireCase = Let a case expire
operation-lapseReExamination = Let proposed slides fall away
operation-noteCaseOverdue = Note that an opinion is late
operation-removeEmptyDraft = Remove an empty draft
operation-countRefusals = Count refused requests
operation-updateUser = Change an account
operation-getTrialBalance = Trial balance
operation-listRefunds = List refunds
operation-listRefundsDue = Refunds due
operation-getRefund = Read a refund
operation-provideRefundDetails = Give refund details
operation-requestRefund = Request a refund
operation-approveRefund = Approve a refund
operation-rejectRefund = Send a refund request back
operation-recordRefundPaid = Record a refund as paid
operation-recordRefundReturned = Record a refund as returned

## letters
letter-verify_email = Please confirm your e-mail address
    .subject = Please confirm your e-mail address
    .body =
        Thank you for registering. Please enter this code to confirm your e-mail address:

        { $code }

        It is good for 48 hours. If you did not register, you need not do anything.
letter-already_registered = You already have an account
    .subject = You already have an account
    .body = Somebody, probably you, tried to register this address. It has an account already: please sign in, or ask for a new password.
letter-reset_password = Choose a new password
    .subject = Choose a new password
    .body =
        Please enter this code to choose a new password:

        { $code }

        It is good for one hour. If you did not ask for it, your password stays as it is.
letter-welcome = Your account has been made
    .subject = Your account has been made
    .body =
        An account has been made for you. Please enter this code to choose your password:

        { $code }

        It is good for seven days.
letter-password_changed = Your password was changed
    .subject = Your password was changed
    .body = The password of your account was changed, and every session was ended. If this was not you, please ask for a new password at once, and tell International Services.
letter-new_device = Sign-in from a new device
    .subject = Sign-in from a new device
    .body = Somebody signed in to your account from a device that it did not know: { $at }, from { $source }, with { $client }. If this was not you, please change your password at once, and tell International Services.
letter-token_reused = A session of yours was ended
    .subject = A session of yours was ended
    .body = A session of your account was used in a way that suggests that somebody copied it, so it was ended. Please sign in again. If you use your account on one device only, please change your password.
letter-change_email = Please confirm your new e-mail address
    .subject = Please confirm your new e-mail address
    .body =
        Please sign in and enter this code to use this address for your account:

        { $code }

        It is good for one hour. If you did not ask for it, you need not do anything.
letter-email_change_requested = Another e-mail address was asked for
    .subject = Another e-mail address was asked for
    .body = Somebody who knows the password of your account asked to use another e-mail address for it. Nothing has changed yet. If this was not you, please change your password at once, and tell International Services.
letter-email_changed = Your e-mail address was changed
    .subject = Your e-mail address was changed
    .body = The e-mail address of your account was changed. If this was not you, please tell International Services at once.
letter-address_shared = Your account was closed
    .subject = Your account was closed
    .body = Another, older account has the same e-mail address as this one, so this one was closed. Nothing in it was lost. Please sign in to the older account, or write to International Services.
letter-roles_requested = Roles wait for your approval
    .subject = Roles wait for your approval
    .body = Another administrator asked for roles that two persons give. Please sign in, look at what waits for approval, and approve it only if you know the person and the reason.
letter-roles_approved = You have new roles
    .subject = You have new roles
    .body = The roles that were asked for you were approved. Please sign in again to use them.
letter-invitation = You are invited to join a case
    .subject = You are invited to join a case
    .body =
        You have been invited to a second opinion case. Please sign in and enter this code to accept:

        { $code }

        It is good for fourteen days.
letter-received = Your application has arrived
    .subject = Your application { $case } has arrived
    .body = We have received your application { $case } for a second opinion. International Services checks now whether everything is there. We write to you again as soon as there is something to do for you.
letter-consent_needed = Consent form needed
    .subject = Your application { $case }: consent form needed
    .body = Somebody who is to visit us for your application { $case } needs a consent form signed by the patient. Please sign in, print the consent form, let the patient sign it, and hand in a copy. Whoever visits brings the original.
letter-consent_again = Please send the consent form again
    .subject = Your application { $case }: please send the consent form again
    .body =
        We could not accept the consent form of your application { $case }: { $why ->
            [not_signed_by_patient] it is not signed by the patient.
            [signature_missing] the signature is missing.
            [date_missing] the date is missing.
            [visitor_not_named] a visitor is not named on it.
            [form_outdated] it is an old form.
            [illegible] it cannot be read.
            [period_over] its period is over.
           *[other] please see the reason in your application.
        }{ $words }

        { $why ->
            [illegible] Please hand in a new copy.
           *[other] Please print the form again, let the patient sign and date it, and hand in a copy.
        }
letter-appointment_offer = Offered time
    .subject = Your application { $case }: times for your visit
    .body =
        We can offer you these times for your visit ({ $case }), in Japan time:
        { $times }

        Please choose one of them by { $last_on }. After that day they are no longer held.
letter-appointment_reserved = Reserved, awaiting payment
    .subject = Your application { $case }: reserved until { $last_on }
    .body =
        We have reserved { $time } (Japan time) for your visit ({ $case }).

        Please pay by { $last_on }. The reservation is confirmed when we receive your payment, and ends if we do not.
letter-appointment_confirmed = Your appointment
    .subject = Your application { $case }: your appointment is confirmed
    .body =
        Your appointment ({ $case }) is confirmed: { $time } (Japan time).
        Physician: { $physician }

        { $place ->
            [built_in] { visit-place }
           *[other] { $place }
        }

        What to bring: { $to_bring ->
            [built_in] { visit-to_bring }
           *[other] { $to_bring }
        }

        Things to be discussed at the first consultation: { $to_be_discussed ->
            [built_in] { visit-to_be_discussed }
           *[other] { $to_be_discussed }
        }
letter-appointment_moved = Appointment moved
    .subject = Your application { $case }: your appointment was moved
    .body =
        Your appointment ({ $case }) is now at { $time } (Japan time).
        Physician: { $physician }
letter-appointment_tomorrow = Your visit tomorrow
    .subject = Your application { $case }: your visit tomorrow
    .body =
        We receive you tomorrow ({ $case }): { $time } (Japan time).
        Physician: { $physician }

        { $place ->
            [built_in] { visit-place }
           *[other] { $place }
        }

        What to bring: { $to_bring ->
            [built_in] { visit-to_bring }
           *[other] { $to_bring }
        }

        If you cannot come, please tell us today.
letter-physician_changed = Change of physician
    .subject = Your application { $case }: another physician receives you
    .body =
        { $physician } will receive you at your visit ({ $case }): { $time } (Japan time).

        If you wish for another date instead, please write to us.
letter-appointment_cancelled_by_us = Appointment cancelled by the hospital
    .subject = Your application { $case }: we had to cancel your appointment
    .body =
        We are sorry: we had to cancel your appointment ({ $case }). It costs you nothing.

        We will offer you another date. If you do not wish for one, please cancel your application: everything that you have paid is given back.
letter-appointment_cancelled = Appointment cancelled
    .subject = Your application { $case }: your appointment is cancelled
    .body =
        Your appointment ({ $case }) is cancelled. Please tell us when you can come instead.
letter-appointment_lapsed = No longer held
    .subject = Your application { $case }: please propose new dates
    .body =
        The time that we kept for your visit ({ $case }) is no longer held. Please tell us when you can come.
letter-visit_did_not_take_place = The visit did not take place
    .subject = Your application { $case }: the visit did not take place
    .body =
        The visit of your application { $case } did not take place. If you wish for another date, please write to us.
letter-kind_proposed = Another way to consult us
    .subject = Your application { $case }: another way to consult us
    .body =
        For your application { $case } we propose another service: { $kind ->
            [patient_consultation] a consultation to which the patient comes.
            [representative_consultation] a consultation to which somebody comes on behalf of the patient.
           *[written_opinion] a written opinion.
        }

        { $text }

        If you agree, please say so in your application. If not, turn it down there. Until then your application goes on as it is.
letter-kind_changed = Your application is for another service now
    .subject = Your application { $case }: the service was changed
    .body =
        Your application { $case } is for another service now: { $kind ->
            [patient_consultation] a consultation to which the patient comes.
            [representative_consultation] a consultation to which somebody comes on behalf of the patient.
           *[written_opinion] a written opinion.
        }

        { $again ->
            [yes] We look at it again and then make a new estimate. What you have paid stays with your application: it pays the new price, and what is more comes back to you. An appointment is cancelled; that costs you nothing.
           *[no] Everything else stays: the appointment, if there is one, and the estimate. Whoever comes brings an identity document.
        }
letter-reviewed_again = Another department looks at your application
    .subject = Your application { $case }: another department looks at it
    .body = Another department of the hospital now looks at your application { $case }. Please wait with everything else until we write to you. If you had an appointment, it is cancelled; that costs you nothing. An estimate that you accepted holds, and what you have paid stays with your application.
letter-payment_applied = What you have paid pays another invoice
    .subject = Your application { $case }: what you have paid pays invoice { $invoice }
    .body = We have used { $amount } yen that you had paid before for invoice { $invoice }. { $owed ->
        [0] It is settled.
       *[other] { $owed } yen are still to be paid, by { $due_on }.
    }
letter-treatment_answer = About your request for treatment
    .subject = Your application { $case }: about your request for treatment
    .body = The hospital has answered your request for treatment. Please read the answer in your application { $case }, and contact International Services about the next steps.
letter-information_requested = We need something from you
    .subject = Your application { $case }: we need something from you
    .body = We have a question about your application { $case }, or need a document. Please sign in to see what we ask for, and answer there.
letter-estimate = Your estimate
    .subject = Your application { $case }: estimate { $estimate }
    .body = We have made an estimate for your application { $case }: { $estimate }, { $total } yen, tax included. Please sign in, read the estimate with its terms and its cancellation policy, and accept it by { $last_on }. { $advance ->
        [0] After that day your application ends by itself.
       *[other] The { $advance } yen that you have paid pay it, as far as they go; what is more comes back to you.
    }
letter-bank_account = Our bank account information
    .subject = Your application { $case }: our bank account information
    .body =
        Thank you for accepting the estimate. Please transfer the amount of invoice { $invoice } so that it arrives by { $due_on }:

        Amount: { $owed } yen
        Bank: { $bank }, { $branch }
        SWIFT/BIC: { $swift }
        Account number: { $account }
        Account holder: { $holder }
        Reference: { $case }

        Please let the sender pay all bank charges (“OUR”), so that the whole amount arrives. When we confirm your payment, one of our physicians starts to write the opinion.
letter-invoice_extended = You have more time to pay
    .subject = Your application { $case }: more time to pay { $invoice }
    .body =
        We wait longer for the payment of { $invoice }. Please transfer the amount so that it arrives by { $due_on }:

        Amount: { $owed } yen
        Bank: { $bank }, { $branch }
        SWIFT/BIC: { $swift }
        Account number: { $account }
        Account holder: { $holder }
        Reference: { $case }

        If you have paid already, you need not do anything.
letter-invoice_corrected = Your invoice was corrected
    .subject = Your application { $case }: corrected invoice { $invoice }
    .body =
        We have corrected your invoice. Please disregard { $replaced }: { $invoice } stands in its place. Please transfer its amount so that it arrives by { $due_on }:

        Amount: { $owed } yen
        Bank: { $bank }, { $branch }
        SWIFT/BIC: { $swift }
        Account number: { $account }
        Account holder: { $holder }
        Reference: { $case }

        If you have paid already, you need not do anything.
letter-invoice_corrected_paid = Your invoice was corrected
    .subject = Your application { $case }: corrected invoice { $invoice }
    .body = We have corrected your invoice. Please disregard { $replaced }: { $invoice } stands in its place. Your payment counts for it, so you need not do anything.
letter-payment_short = Something is still missing
    .subject = Your application { $case }: { $owed } yen are still missing
    .body =
        Thank you: { $received } yen have arrived. { $owed } yen of invoice { $invoice } are still missing; banks often keep a charge on the way. Please transfer the rest so that it arrives by { $due_on }:

        Amount: { $owed } yen
        Bank: { $bank }, { $branch }
        SWIFT/BIC: { $swift }
        Account number: { $account }
        Account holder: { $holder }
        Reference: { $case }

        Please let the sender pay all bank charges (“OUR”). If a second transfer costs you more than it brings, please write to us first.
letter-payment_confirmed = Your payment is confirmed
    .subject = Your application { $case }: your payment is confirmed
    .body = Thank you. Your payment of invoice { $invoice } is confirmed. We tell you the dates as soon as everything that the work needs is here.
letter-payment_confirmed_with_dates = Your payment is confirmed
    .subject = Your application { $case }: your payment is confirmed
    .body = Thank you. Your payment of invoice { $invoice } is confirmed, and the opinion can be written. We expect to deliver it between { $from_on } and { $to_on }.
letter-work_begins = Everything is here
    .subject = Your application { $case }: the opinion can be written
    .body = Everything that the opinion needs is here. We expect to deliver it between { $from_on } and { $to_on }.
letter-re_examination_proposed = More slides: your estimate
    .subject = Your application { $case }: estimate { $estimate } for more slides
    .body = Our physician proposes that more pathology slides be examined again for your application { $case }. The estimate is { $estimate }: { $total } yen, tax included. Please sign in, read it, and accept it by { $last_on } if you wish it. Otherwise the work goes on without these slides.
letter-slides_differ = The slides that arrived
    .subject = Your application { $case }: number of slides
    .body = Your slides have arrived: biopsy slides { $biopsy_slides }, specimens of resected material { $resected_specimens }. You asked for { $asked_biopsy_slides } and { $asked_resected_specimens }. Please send what is missing, or tell us in a message of your application which slides you wish to be examined.
letter-re_examination_lapsed = The additional slides are not examined
    .subject = Your application { $case }: the additional slides are not examined
    .body = The additional pathology slides of your application { $case } are not examined. Nothing is to be paid for them, and the work goes on without them.
letter-expiring = Your application ends soon
    .subject = Your application { $case } ends on { $last_on }
    .body = Your application { $case } still waits for you. If nothing happens by { $last_on }, it ends by itself. Please sign in to see what is open.
letter-expired = Your application has ended
    .subject = Your application { $case } has ended
    .body = Your application { $case } has ended, because nothing happened by its last day. Nothing is to be paid. If you wish to go on, please write to us: for { $days } days after the end we can take it up again where it stood.
letter-declined = We cannot accept your application
    .subject = Your application { $case }
    .body =
        We are sorry that we cannot accept your application { $case }:

        { $text }

        If you have questions, please contact International Services.
letter-cancelled = Your application was cancelled
    .subject = Your application { $case } was cancelled
    .body = Your application { $case } was cancelled. If you have paid something that is given back, we write to you about it. If you have questions, please contact International Services.
letter-delivered = Your opinion is ready
    .subject = Your application { $case }: the opinion is ready
    .body = The written opinion for your application { $case } is ready. Please sign in to read it.
letter-closed = Your application is complete
    .subject = Your application { $case } is complete
    .body = Everything about your application { $case } is done. Thank you for your trust. If you have questions, please contact International Services.
letter-payment_received = We have received your payment
    .subject = Your application { $case }: we have received your payment
    .body = Thank you. { $received } yen have arrived, and invoice { $invoice } is paid.
letter-invoice_reduced = Less is to be paid
    .subject = Your application { $case }: less is to be paid
    .body =
        We have reduced invoice { $invoice }. { $owed } yen are still to be paid. Please transfer them so that they arrive by { $due_on }:

        Amount: { $owed } yen
        Bank: { $bank }, { $branch }
        SWIFT/BIC: { $swift }
        Account number: { $account }
        Account holder: { $holder }
        Reference: { $case }

        Please let the sender pay all bank charges (“OUR”), so that the whole amount arrives.
letter-invoice_cancelled = Please do not pay
    .subject = Your application { $case }: please do not pay { $invoice }
    .body = Please disregard invoice { $invoice }: nothing is to be paid by it. If you have paid it already, we give the money back. If there is another invoice, it comes with a letter of its own.
letter-reopened = Your application goes on
    .subject = Your application { $case } goes on
    .body = Your application { $case } was taken up again. Please sign in to see where it stands, and what is open.
letter-cancelled_with_fee = Your application was cancelled
    .subject = Your application { $case } was cancelled
    .body = Your application { $case } was cancelled. By the cancellation policy that you accepted, { $kept } yen are kept, and { $back } yen are given back. If you have questions, please contact International Services.
letter-cancelled_without_return = Your application was cancelled
    .subject = Your application { $case } was cancelled
    .body = Your application { $case } was cancelled. By the cancellation policy that you accepted, { $kept } yen are kept as the cancellation fee; nothing is given back. If you have questions, please contact International Services.
letter-delivered_to_the_patient = The opinion was delivered
    .subject = Your application { $case }: the opinion was delivered
    .body = The written opinion for the application { $case } was delivered to the patient. You can read it only with the patient’s signed consent to disclosure, which we have not verified.
letter-refund_details = Please tell us your account
    .subject = Your application { $case }: please tell us where to send { $amount } yen
    .body = { $amount } yen of what you have paid for your application { $case } can be given back to you. Please sign in and tell us the bank account to which we may send it.
letter-refund_paid = Your refund is on its way
    .subject = Your application { $case }: { $amount } yen are on their way
    .body = We have sent { $amount } yen for your application { $case } to the account that you named. It may take some days until it arrives.

# The frame of every letter
letter_frame-greeting = Dear { $name },
letter_frame-link = You sign in here: { $portal_url }
letter_frame-signature =
    { $hospital }
    { $desk }
    { $desk_email }, { $desk_phone }
    { $desk_hours }
letter_frame-signature_of_the_desk =
    { $desk }
    { $desk_email }, { $desk_phone }
    { $desk_hours }

# Kinds of later work
job-send_email = Send a letter
job-write_letter = Write a letter about a case
job-expire_case = Let a case expire
job-lapse_re_examination = Let proposed slides fall away
job-note_case_overdue = Note that an opinion is late
job-sweep = Forget what was kept for a while

## account
account-receivable = Receivable
account-advances_billed = Advances billed
account-advances_received = Advances received
account-overpayments = Overpayments
account-unmatched_receipts = Unmatched receipts
account-refunds_payable = Refunds payable
account-bank = Bank
account-cash = Cash
account-card = Card
account-revenue = Revenue (net)
account-consumption_tax = Consumption tax
account-cancellation_income = Cancellation fees (out of scope of tax)
account-bank_charges = Bank charges
account-shortfall = Shortfall
account-bad_debts = Bad debts
account-other_income = Other income

## charge_bearer
charge_bearer-hospital = The hospital
charge_bearer-payee = The payee

## refund_reason
refund_reason-declined = Declined
refund_reason-cancelled = Cancelled
refund_reason-overpaid = Overpaid
refund_reason-after_end = Paid after the end
refund_reason-credited = Credited
refund_reason-unmatched = Invoice not known

## refund_state
refund_state-due = To be refunded
refund_state-requested = Requested
refund_state-approved = Approved, being sent
refund_state-paid = Refunded
refund_state-applied_to_invoice = Applied to another invoice
refund_state-given_up_by_payer = Given up by the payer
refund_state-unclaimed = Unclaimed
refund_state-withdrawn = Withdrawn

## write_off_reason
write_off_reason-bank_charges = Kept by banks
write_off_reason-uncollectible = Cannot be collected

## receipt_mark
receipt_mark-reissued = Reissued

## write_off_state
write_off_state-requested = Waits for a second person
write_off_state-approved = Approved
write_off_state-rejected = Rejected
credit_note_kind-cancellation = Cancellation
credit_note_kind-correction = Correction
credit_note_kind-return = Return
receipt_purpose-advance = Advance
receipt_purpose-service = Payment for a service
receipt_purpose-deposit = Deposit

## settlement
settlement-pay_out = Pay out
settlement-apply_to_invoice = Apply to another invoice
settlement-given_up_by_payer = Given up by the payer
settlement-unclaimed = Unclaimed

## consent_kind
consent_kind-representative_consultation = Consent to a second opinion by a representative
consent_kind-agency_disclosure = Consent to disclosure to an agency

## consent_outcome
consent_outcome-verified = Checked, and right
consent_outcome-refused = Please send again

## consent_refusal
consent_refusal-not_signed_by_patient = Not signed by the patient
consent_refusal-signature_missing = Signature missing
consent_refusal-date_missing = Date missing
consent_refusal-visitor_not_named = Visitor not named
consent_refusal-form_outdated = Old form
consent_refusal-illegible = Not legible
consent_refusal-period_over = Period over

## consent_signer
consent_signer-patient = The patient
consent_signer-legal_representative = Legal representative
consent_signer-other = Somebody else

## consent_state
consent_state-registered = Received
consent_state-verified = Checked
consent_state-refused = Please send again
consent_state-withdrawn = Withdrawn
consent_state-ended = Period over

## legal_ground
legal_ground-minor = Minor
legal_ground-incapacity = Unable to sign

## representative_state
representative_state-named = Named
representative_state-ended = Ended

## uninformed_state
uninformed_state-claimed = Claimed
uninformed_state-attested = Approved
uninformed_state-refused = Not approved
uninformed_state-review_due = Review due
uninformed_state-ended = Ended

## closed_day_kind
closed_day_kind-holiday = Holiday
closed_day_kind-turn_of_the_year = Turn of the year
closed_day_kind-own = Closed day of the hospital or of a department

## visit
visit-place = Please come to International Services on the ground floor of the hospital, fifteen minutes before your time.
visit-to_bring = Please bring an identity document of each person who comes, the original of the consent form if one was asked for, and the originals of your records and images.
visit-to_be_discussed = Your current treatment, if you receive one; your present condition; the options of treatment; your questions; and, if you wish treatment here, the next steps.

## price
price-exact = { $amount } yen, tax included
price-minimum = from { $amount } yen, tax included

## consent_form
consent_form-application = Application no.

## appointment_state
appointment_state-offered = Offered
appointment_state-reserved = Reserved, awaiting payment
appointment_state-confirmed = Confirmed
appointment_state-arrived = Arrived
appointment_state-held = Held
appointment_state-not_attended = Did not take place
appointment_state-broken_off = Broken off by the hospital
appointment_state-moved = Moved
appointment_state-cancelled_by_applicant = Cancelled by the applicant
appointment_state-cancelled_by_hospital = Cancelled by the hospital
appointment_state-lapsed = No longer held
appointment_state-withdrawn = Withdrawn

## changed_by
changed_by-applicant = Applicant
changed_by-hospital = Hospital

## change_reason
change_reason-flight = Flight
change_reason-visa = Visa
change_reason-health = Health
change_reason-interpreter = Interpreter
change_reason-physician_absent = Physician not available
change_reason-other = Other

## interpreter_from
interpreter_from-not_needed = Not needed
interpreter_from-hospital = Provided by the hospital
interpreter_from-brought = Brought by you
interpreter_from-telephone = By telephone

## person_at_visit
person_at_visit-patient = Patient
person_at_visit-representative = Representative
person_at_visit-unannounced = Not named before
person_at_visit-companion = Accompanying person

## at_the_door
at_the_door-received = Received
at_the_door-outside = Waiting outside

## outside_reason
outside_reason-identity_not_shown = Identity not shown
outside_reason-consent_missing = No consent
outside_reason-original_missing = Original missing
outside_reason-consent_withdrawn = Consent withdrawn
outside_reason-not_named = Not named
outside_reason-other = Other

## identity_kind
identity_kind-passport = Passport
identity_kind-residence_card = Residence card
identity_kind-other = Other

## interpreter_at_visit
interpreter_at_visit-present = Present
interpreter_at_visit-replaced = Replaced, or by telephone
interpreter_at_visit-went_on_without = Went on without
interpreter_at_visit-not_needed = Not needed

## extension_payer
extension_payer-payer = Payer of the estimate
extension_payer-visitor = Visitor, on the day

## not_charged_reason
not_charged_reason-hospital_delay = Delay on our side, free of charge

## treatment_decision
treatment_decision-possible = Treatment here is possible
treatment_decision-not_possible = Treatment here is not possible
treatment_decision-more_needed = More is needed to decide

## calendar_entry
calendar_entry-summary = Appointment at the hospital ({ $case })
