use jiff::civil::date;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn now() -> Timestamp {
    "2026-11-23T02:00:00Z".parse().unwrap()
}

fn seed() -> FeeSchedule {
    FeeSchedule::seed(FeeScheduleId::from_uuid(Uuid::from_u128(1)))
}

fn slides(biopsy_slides: u16, resected_specimens: u16) -> Option<ReExamination> {
    Option::from(ReExamination { biopsy_slides, resected_specimens })
}

fn wanted(kind: ServiceKind, additional_half_hours: u8, re_examination: Option<ReExamination>) -> QuoteRequest {
    QuoteRequest { kind, additional_half_hours, re_examination }
}

fn quote(wanted: QuoteRequest) -> Result<Quote, FeeRefusal> {
    Quote::calculate(QuoteId::from_uuid(Uuid::from_u128(2)), &seed(), wanted, &HospitalSettings::default(), now())
}

#[test]
fn a_written_opinion_with_slides_costs_the_published_sum() {
    let quote = quote(wanted(ServiceKind::WrittenOpinion, 0, slides(3, 1))).unwrap();
    let amounts: Vec<_> = quote.pricing.lines.iter().map(|line| (line.code, line.quantity, line.amount.amount())).collect();
    let expected =
        [(FeeCode::WrittenOpinion, 1, 110_000), (FeeCode::PathologyBiopsySlide, 3, 16_500), (FeeCode::PathologyResectedSlides, 1, 11_000)];
    assert_eq!(amounts, expected);
    assert_eq!((quote.pricing.total.amount(), quote.pricing.total_is_minimum), (137_500, false));
    assert!(quote.pricing.included.contains(&Coverage::ReExamination) && quote.pricing.not_included.contains(&Coverage::SlideShipping));
}

#[test]
fn additional_time_makes_the_total_a_minimum() {
    let quote = quote(wanted(ServiceKind::PatientConsultation, 2, None)).unwrap();
    assert_eq!((quote.pricing.total.amount(), quote.pricing.total_is_minimum), (55_000, true));
    assert!(quote.pricing.not_included.contains(&Coverage::MedicalExam) && quote.pricing.not_included.contains(&Coverage::ReExamination));
}

#[test]
fn an_estimate_holds_until_its_last_day_ends_in_tokyo() {
    let quote = quote(wanted(ServiceKind::WrittenOpinion, 0, None)).unwrap();
    assert_eq!(quote.valid_until, end_of_day(date(2026, 12, 23)));
}

#[test]
fn what_makes_no_sense_is_refused_with_the_rule() {
    let refused = |kind, halves, slides| quote(wanted(kind, halves, slides)).unwrap_err();
    assert_eq!(refused(ServiceKind::WrittenOpinion, 1, None), FeeRefusal::HalfHoursAreForVisits);
    assert_eq!(refused(ServiceKind::PatientConsultation, 7, None), FeeRefusal::TooManyHalfHours);
    assert_eq!(refused(ServiceKind::PatientConsultation, 0, slides(0, 0)), FeeRefusal::NoSlides);
    assert_eq!(refused(ServiceKind::PatientConsultation, 0, slides(201, 0)), FeeRefusal::TooManySlides);
    assert_eq!(refused(ServiceKind::PatientConsultation, 0, slides(1, 201)), FeeRefusal::TooManySpecimens);
}

#[test]
fn a_schedule_without_the_price_or_from_tomorrow_gives_no_estimate() {
    let ask = |schedule: &FeeSchedule| {
        let wanted = wanted(ServiceKind::WrittenOpinion, 0, None);
        Quote::calculate(QuoteId::from_uuid(Uuid::nil()), schedule, wanted, &HospitalSettings::default(), now()).unwrap_err()
    };
    assert_eq!(ask(&FeeSchedule { lines: vec![], ..seed() }), FeeRefusal::PriceMissing);
    assert_eq!(ask(&FeeSchedule { effective_on: date(2026, 11, 24), ..seed() }), FeeRefusal::ScheduleNotInForce);
}

proptest! {
    #[test]
    fn the_total_is_the_sum_of_the_lines_and_reads_back(halves in 0_u8..=6, biopsies in 0_u16..=200, specimens in 1_u16..=200) {
        let quote = quote(wanted(ServiceKind::RepresentativeConsultation, halves, slides(biopsies, specimens))).unwrap();
        let expected = 33_000 + i64::from(halves) * 11_000 + i64::from(biopsies) * 5_500 + i64::from(specimens) * 11_000;
        prop_assert_eq!(quote.pricing.total.amount(), expected);
        prop_assert_eq!(quote.pricing.lines.iter().map(|line| line.amount.amount()).sum::<i64>(), expected);
        let text = serde_json::to_string(&quote).unwrap();
        prop_assert_eq!(serde_json::from_str::<Quote>(&text).unwrap(), quote);
    }
}
