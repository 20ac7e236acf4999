# Labels of codes, and texts that are no problems. One word per thing, as in the glossary.

## next_step
next_step-ask_payer_for_the_rest = 不足分を支払者に依頼してください
next_step-none = このご入金について、次の手続きはありません
next_step-check_the_difference = 計上された差額を確認してください
next_step-agree_with_payer_on_the_excess = お支払い過ぎ分(過入金)の扱いを支払者とご確認ください
next_step-give_back_to_payer = 支払者へ返金してください

## role
role-applicant = 申込者
role-agency = 国際医療コーディネート事業者
role-coordinator = 国際診療担当者
role-physician = 担当医
role-chief = 医長
role-director = 部長
role-accountant = 医事会計担当者
role-pathologist = 病理担当
role-administrator = システム管理者
role-auditor = 監査担当者

## kind
kind-patient_consultation = 患者さんご本人によるセカンドオピニオン相談
kind-representative_consultation = 代理の方によるセカンドオピニオン相談
kind-written_opinion = 書面によるセカンドオピニオン

## service
service-patient_consultation = 患者さんご本人が来院され、該当する診療科の医師が現在の治療・病状・考えられる治療法についてお話しします。海外にお住まいで当院での治療をご希望の方は、通常この相談が最初の受診となります。
service-representative_consultation = 日本にお住まいでない患者さんに代わり、ご家族・ご友人などが来院されます。ご家族以外の方は、患者さんご本人の署名入り同意書が必要です。患者さんへの告知前にご家族が相談されることもできます。
service-written_opinion = 日本にご家族やご友人のいない患者さんが対象です。ご提供いただいた診療情報とご質問に基づき、該当する診療科の部長または医長が1ページの書面で意見と提案をお伝えします。入金の確認後に作成を始めます。

## fee
fee-consultation_first_30_min = セカンドオピニオン相談料(30分)
fee-consultation_additional_30_min = セカンドオピニオン相談 延長料金(30分ごと)
fee-written_opinion = 書面によるセカンドオピニオン料
fee-pathology_biopsy_slide = 病理診断料 生検標本(染色済)
fee-pathology_resected_slides = 病理診断料 手術(切除)標本(染色済)

## coverage
coverage-conversation = 診療科の医師による相談(30分)
coverage-one_page_opinion = 1ページの意見書
coverage-re_examination = 病理標本の再検討
coverage-further_time = 記載を超える延長時間(延長のつど事前に合意)
coverage-medical_exam = 診察・検査(通常は行いません)
coverage-treatment = 治療
coverage-translation = 書類の翻訳
coverage-interpreting = 来院時の通訳
coverage-slide_shipping = 標本の送付・返送費用
coverage-bank_charges = 振込手数料

## item
item-application_form = 申込書
item-patient_consent = 同意書(患者さんご本人の署名)
item-agency_disclosure_consent = 提携事業者への情報提供に関する同意書(患者さんご本人の署名)
item-referral_letter = 診療情報提供書(紹介状)
item-treatment_history = 治療経過(検査・手術・化学療法・放射線治療)
item-diagnostic_images = 画像データ(DICOM推奨)
item-exam_reports = 検査報告書(画像所見等)
item-blood_test = 直近の血液検査結果
item-screening_results = 検診結果(診断に関連するもの)
item-pathology_slides = 病理標本(ガラススライド、染色済)
item-pathology_report = 病理診断報告書

## item_help
item_help-application_form = 患者さんと、ご家族などもう1名の方の連絡先をすべて入力してください。
item_help-patient_consent = ご家族以外の方が来院される場合に、患者さんご本人の署名が必要です。
item_help-agency_disclosure_consent = 提携事業者が意見書を受け取る前に、患者さんご本人の署名が必要です。
item_help-referral_letter = 現在の主治医による、病歴と治療内容を記した書面、またはこれまでの治療経過が分かる書類です。
item_help-treatment_history = 検査(日付・名称・結果・診断)、手術(日付・術式・病理結果)、化学療法(期間・頻度・効果・薬剤)、放射線治療(期間・線量・照射部位)を、お分かりになる範囲でご記入ください。
item_help-diagnostic_images = CT・MRI・PET-CT・内視鏡(上部・下部)・超音波など。DICOM形式が望まれます。画像を撮影した写真はご遠慮ください。内視鏡は可能であればカラーでお願いします。
item_help-exam_reports = ご提出の画像に対応する報告書です。
item_help-blood_test = 直近の結果を、日付が分かる形でご提出ください。
item_help-screening_results = 診断に関連するものがある場合にご提出ください。
item_help-pathology_slides = 当院での再検討をご希望の場合に、染色済のガラススライドを病理診断報告書と共に来院前にご提出ください。
item_help-pathology_report = 標本に対応する病理診断報告書です。

## level
level-required = 必須
level-required_if = 該当する場合必須
level-recommended = 可能な範囲でご提出
level-if_available = お持ちの場合

## item_state
item_state-missing = 未提出
item_state-provided = 提出済(確認前)
item_state-verified = 確認済
item_state-rejected = 再提出のお願い
item_state-unavailable = 提出できない
item_state-set_aside = 参考外
item_state-waived = 提出不要

## why
why-every_case = すべてのお申込み
why-visitor_is_not_family = ご家族以外の方が来院される場合
why-hospital_asks_family = ご家族が来院される場合も含みます
why-agency_receives = 提携事業者が意見書を受け取る場合
why-re_examination_requested = 病理標本の再検討をご希望の場合
why-medical_information = 医師の判断に役立ちます。ご用意できるものをご提出ください
why-asked_for = 当院からお願いした場合

## stage
stage-draft = 下書き
stage-submitted = 申込受付
stage-information_requested = 追加資料待ち
stage-in_triage = 受入検討中
stage-accepted = 受入決定
stage-scheduled = 予約確定
stage-consulted = 相談実施済
stage-awaiting_payment = 入金待ち
stage-writing = 意見書作成中
stage-in_review = 意見書確認中
stage-delivered = 意見書交付済
stage-closed = 完了
stage-declined = 受入不可
stage-cancelled = 取消
stage-expired = 期限切れ

## decline_reason
decline_reason-outside_specialty = 当院の専門領域外
decline_reason-department_unavailable = 対応できる診療科・医師がいない
decline_reason-no_records = 判断に必要な資料が得られない
decline_reason-untranslated_records = 日本語・英語の資料がない
decline_reason-no_consent = 必要な同意が得られない
decline_reason-patient_deceased = 患者さんがご逝去
decline_reason-treatment_finished = 過去の治療の適否に関する相談
decline_reason-litigation = 医療訴訟・医療過誤に関する相談
decline_reason-fee_or_benefit_dispute = 医療費・給付に関する相談
decline_reason-complaint_about_physician = 主治医・医療機関への苦情
decline_reason-transfer_wish = 転院のみの希望
decline_reason-current_physician_objects = 主治医の了承がない
decline_reason-no_cancer_diagnosis = がんの診断を受けていない(検診をご案内)
decline_reason-duplicate = 同一患者の重複申込
decline_reason-patient_must_be_told = 未告知のままではお受けできない
decline_reason-other = その他

## cancel_reason
cancel_reason-withdrawn = 申込者による取下げ
cancel_reason-patient_deceased = 患者さんのご逝去
cancel_reason-condition_worsened = 病状の変化
cancel_reason-hospital_reason = 当院の都合
cancel_reason-duplicate = 重複申込
cancel_reason-not_paid = ご入金が確認できないため
cancel_reason-not_attended = 相談が実施されなかったため
cancel_reason-force_majeure = やむを得ない事情

## event
event-case_opened = 下書きが作成されました
event-application_changed = 申込内容が変更されました
event-contacts_corrected = 連絡先が訂正されました
event-case_submitted = 申込が提出されました
event-information_requested = 追加資料・質問への回答が求められました
event-information_answered = 追加資料・質問への回答がありました
event-information_request_withdrawn = 追加資料の依頼が取り下げられました
event-item_provided = 必要書類等が提出されました
event-item_verified = 必要書類等が確認されました
event-item_rejected = 必要書類等の再提出が求められました
event-item_waived = 書類の提出が免除されました
event-document_uploaded = 書類がアップロードされました
event-document_deleted = 書類が削除されました
event-treatment_recorded = 治療経過が記録されました
event-triage_started = 受入れの検討が始まりました
event-case_reassigned = 担当診療科が変更されました
event-physician_assigned = 担当医が決まりました
event-case_accepted = 申込が受け入れられました
event-case_declined = お引き受けできないと判断されました
event-quote_accepted = 見積りが承諾されました
event-estimate_issued = 概算見積書が発行されました
event-estimate_accepted = 概算見積書が承諾されました
event-estimate_withdrawn = 概算見積書が取り下げられました
event-re_examination_proposed = 病理標本の追加の再検討が提案されました
event-re_examination_changed = 再検討する病理標本が変更されました
event-re_examination_lapsed = 追加の病理標本の再検討は行われません
event-slides_counted = 届いた病理標本の数が確認されました
event-findings_recorded = 再検討結果が記録されました
event-invoice_issued = 請求書が発行されました
event-payment_recorded = 入金が記録されました
event-payment_reversed = 入金が取り消されました
event-invoice_credited = 減額通知書が発行されました
event-invoice_extended = 支払期限が延長されました
event-invoice_reissued = 請求書が訂正されました
event-writing_stopped = 意見書の作成はお支払いをお待ちしています
event-writing_started = 意見書の作成が始まりました
event-opinion_submitted = 意見書が確認に提出されました
event-opinion_returned = 意見書が差し戻されました
event-opinion_delivered = 意見書が交付されました
event-opinion_sent = 意見書を発送しました
event-patient_death_recorded = 患者さんのご逝去が記録されました
event-patient_death_withdrawn = 患者さんのご逝去の記録が取り消されました
event-opinion_addendum_added = 意見書に追補が加わりました
event-case_held = 手続きが保留になりました
event-case_resumed = 手続きが再開されました
event-refund_opened = 返金の手続きを開始しました
event-refund_applied = 返金が他の請求書に充当されました
event-refund_returned = 返金が戻りました
event-refund_paid = 返金を実施しました
event-slide_return_opened = 病理標本の返却が必要になりました
event-case_cancelled = 申込が取り消されました
event-case_expired = 期限が過ぎ、案件が終了しました
event-case_overdue = 意見書の期限を過ぎています
event-case_closed = 案件が完了しました
event-member_joined = 案件に参加者が加わりました
event-representative_added = 代理相談者が追加されました
event-representative_changed = 代理相談者の情報が訂正されました
event-representative_ended = 代理相談者の登録が終了しました
event-patient_uninformed_claimed = 患者さんご本人へまだお伝えしていないことが記録されました
event-patient_uninformed_attested = 診療科が未告知の取扱いを判断しました
event-patient_uninformed_ended = 未告知の取扱いが終了しました
event-consent_registered = 同意書を受領しました
event-consent_verified = 同意書を確認しました
event-consent_refused = 同意書の再提出をお願いしました
event-consent_withdrawn = 同意が撤回されました
event-appointment_wishes_proposed = ご希望日時が提出されました
event-appointment_offered = 日時をご案内しました
event-appointment_offer_withdrawn = 日時のご案内を取り下げました
event-appointment_lapsed = ご案内またはご予約の期限が過ぎました
event-appointment_reserved = 仮予約をしました(ご入金待ち)
event-appointment_confirmed = ご予約が確定しました
event-appointment_moved = ご予約が変更されました
event-physician_substituted = 担当医が交代しました
event-appointment_cancelled = ご予約が取り消されました
event-visit_not_held = ご相談は実施されませんでした
event-arrival_recorded = 来院受付をしました
event-extension_agreed = 延長に同意がありました
event-consultation_recorded = ご相談が実施されました
event-consultation_corrected = 相談の記録を訂正しました
event-consultation_broken_off = 当院の都合によりご相談を中断しました
event-exam_recorded = 診察の実施を記録しました
event-reviewed_again = 別の診療科で改めて検討しています
event-treatment_requested = 当院での治療のご希望がありました
event-treatment_answered = 治療のご希望に回答しました
event-kind_proposed = 相談方法の変更をご提案しました
event-kind_proposal_withdrawn = 相談方法変更のご提案が取り下げられました
event-kind_changed = 相談方法が変更されました
event-message_posted = メッセージが送られました
event-case_reopened = お申込みの手続きを再開しました

## language
language-en = 英語
language-ja = 日本語

## letter
letter-announced = メールアドレスをご利用いただける場合は、確認コードをお送りします。メールをご確認ください。

## advice
advice-someone_in_japan_should_visit_first = 患者さんが海外にお住まいの場合は、患者さんが治療のために来日される前に、まず日本にお住まいの方が代理で相談に来院されることをお勧めします。
advice-images_without_report = 画像に対応する検査報告書も併せてご提出ください。
advice-endoscopy_in_colour = 内視鏡画像は、可能であればカラーでご提出ください。
advice-photographs_not_wanted = フィルムや画面を撮影した写真は鮮明ではないため、お送りにならないでください。DICOM形式が望まれます。
advice-usually_no_exam = 相談の際、通常は診察・検査を行いません。
advice-documents_translated = 書類は日本語または英語、もしくはいずれかへの翻訳を付けてご提出ください。

## emergency
emergency = 夜間・休日はメッセージを確認しておりません。緊急の場合は、主治医またはお住まいの地域の救急窓口へご連絡ください。

## notice
notice-may_be_declined = 状況により、お申込みをお引き受けできない場合があります。詳しくは国際診療担当へお問い合わせください。
notice-treatment_here = 当院での治療をご希望の場合は、相談の際に医師へお申し出ください。その場合は、治療計画の詳細について医師と話し合うことができます。
notice-second_opinion = セカンドオピニオンとは、患者さんが現在の担当医から提案された治療以外の選択肢についても別の医師の意見を聞き、より多くの情報をもとに治療を選択するための機会です。

## policy
policy-share = 料金の{ $percent }%を返金します
policy-nothing = 返金はありません
policy-before_work = 書面による意見書:医師が作成を始める前のキャンセルは、{ $share }。
policy-during_work = 書面による意見書:作成中または確認中のキャンセルは、{ $share }。
policy-after_work = 書面による意見書:お渡し後のキャンセルは、{ $share }。
policy-visit-first = 前払いの来院相談:{ $from }日前までのキャンセルは、{ $share }。
policy-visit-between = 前払いの来院相談:{ $to }日前から{ $from }日前までのキャンセルは、{ $share }。
policy-visit-one = 前払いの来院相談:{ $from }日前のキャンセルは、{ $share }。
policy-visit-eve = 前払いの来院相談:前日のキャンセルは、{ $share }。
policy-visit-day = 前払いの来院相談:当日のキャンセルまたはご来院がない場合は、{ $share }。
policy-visit-always = 前払いの来院相談:キャンセルの時期にかかわらず、またはご来院がない場合は、{ $share }。
policy-unforeseen = 患者さんのご逝去や病状の悪化、査証が発給されないなどやむを得ない事情で来院相談が行われなかった場合は、全額を返金します。
policy-re_examination = 病理標本の再検討:結果の記録前は全額を返金し、記録後の返金はありません。
policy-hospital = 当院の都合によるキャンセルまたはお断りの場合は、結果の記録が済んだ病理標本の再検討料を除き、全額を返金します。

## waiting_on
waiting_on-applicant = 申込者または提携事業者
waiting_on-desk = 国際診療担当者
waiting_on-department = 診療科
waiting_on-physician = 担当医
waiting_on-accountant = 医事会計担当者
waiting_on-pathology = 病理担当
waiting_on-nobody = なし

## hold_reason
hold_reason-information = 追加資料待ち
hold_reason-slides = 病理標本待ち
hold_reason-applicant = 申込者の都合
hold_reason-department = 診療科の都合
hold_reason-other = その他

## route
route-applicant = 申込者から
route-agency = 提携事業者から
route-desk = 国際診療担当者から

## relation
relation-applicant = 申込者
relation-patient = 患者
relation-representative = 代理相談者
relation-agency = 国際医療コーディネート事業者
relation-responsible = 担当医
relation-receiving = 相談担当医
relation-department = 診療科
relation-desk = 国際診療担当者
relation-pathology = 病理担当
relation-billing = 医事会計担当者

## membership
membership-applicant = 申込者
membership-patient = 患者
membership-representative = 代理相談者

## relation_to_patient
relation_to_patient-spouse = 配偶者
relation_to_patient-parent = 親
relation_to_patient-child = 子
relation_to_patient-sibling = 兄弟姉妹
relation_to_patient-grandparent = 祖父母
relation_to_patient-grandchild = 孫
relation_to_patient-other_family = その他のご家族
relation_to_patient-friend = 友人
relation_to_patient-colleague = 同僚
relation_to_patient-caregiver = 介護者
relation_to_patient-other = その他

## payer
payer-applicant = 申込者
payer-agency = 国際医療コーディネート事業者
payer-patient = 患者さんご本人
payer-other = 第三者(会社等)

## payment_method
payment_method-bank_transfer = 銀行振込
payment_method-card = カード
payment_method-cash = 現金

## payment_outcome
payment_outcome-partial = 一部入金
payment_outcome-paid = 入金済
payment_outcome-paid_with_shortfall = 入金済(少額の不足あり)
payment_outcome-overpaid = 過入金
payment_outcome-late_duplicate = 入金済み後の追加入金
payment_outcome-after_end = 終了後の入金

## estimate_status
estimate_status-issued = ご承諾待ち
estimate_status-accepted = 承諾済
estimate_status-superseded = 差替済
estimate_status-withdrawn = 取下げ
estimate_status-void = 無効(相談方法の変更)
estimate_status-expired = 有効期限切れ

## invoice_status
invoice_status-issued = ご入金待ち
invoice_status-partly_paid = 一部入金
invoice_status-paid = 入金済
invoice_status-overpaid = 過入金
invoice_status-written_off = 償却済
invoice_status-lapsed = 失効(お支払い不要)
invoice_status-credited = 取消済

## fee_unit
fee_unit-half_hour = 30分
fee_unit-case = 1件
fee_unit-slide = 標本1枚
fee_unit-specimen = 検体1件

## opinion_stage
opinion_stage-draft = 下書き
opinion_stage-submitted = 確認中
opinion_stage-delivered = 交付済

## urgency
urgency-routine = 通常
urgency-soon = 数週間以内
urgency-urgent = 数日以内

## request_state
request_state-open = 回答待ち
request_state-answered = 回答済
request_state-withdrawn = 取下げ

## media_kind
media_kind-pdf = PDF
media_kind-jpeg = JPEG画像
media_kind-png = PNG画像
media_kind-dicom = DICOM画像

## consultation_payment
consultation_payment-on_the_day = 来院当日
consultation_payment-prepaid = 来院前

## treatment_kind
treatment_kind-exam = 検査
treatment_kind-surgery = 手術
treatment_kind-chemotherapy = 化学療法
treatment_kind-radiation = 放射線治療

## party_field
party_field-name = 氏名
party_field-birth_on = 生年月日
party_field-address = 住所
party_field-country = 国
party_field-phone = 電話番号
party_field-email = メールアドレス
party_field-language = 言語
party_field-relation = 患者さんとの関係

## blocked_step
blocked_step-nothing = なし
blocked_step-triage = 受入検討
blocked_step-reception = 該当する方の来院受付
blocked_step-disclosure = 提携事業者への意見書の開示
blocked_step-due_window = 意見書の交付予定日

## account_status
account_status-invited = 招待中
account_status-active = 有効
account_status-disabled = 停止中

## audit_outcome
audit_outcome-done = 完了
audit_outcome-replayed = 再送
audit_outcome-refused = 拒否
audit_outcome-failed = 失敗

## session_mode
session_mode-token = 応答の本文
session_mode-cookie = Cookie

## currency
currency-JPY = 日本円

## operation
operation-listAgencies = 提携事業者の一覧
operation-createAgency = 提携事業者の登録
operation-getAgency = 提携事業者の表示
operation-updateAgency = 提携事業者の変更
operation-listPendingApprovals = 承認待ちの一覧
operation-approveRoles = 役割の承認
operation-listAuditEntries = 監査記録の表示
operation-listCases = 案件の一覧
operation-createCase = お申込みの作成
operation-countCases = 案件の件数
operation-getCase = 案件の表示
operation-updateCase = 申込内容の変更
operation-correctContacts = 連絡先の訂正
operation-acceptCase = 受入の決定
operation-issueEstimate = 概算見積書の発行
operation-listEstimates = 概算見積書の一覧
operation-getEstimate = 概算見積書の表示
operation-acceptEstimate = 概算見積書の承諾
operation-withdrawEstimate = 概算見積書の取下げ
operation-listTerms = 規約の一覧
operation-getTerms = 規約の表示
operation-createTerms = 規約の公開
operation-listMyAccesses = 自分の案件の閲覧記録
operation-assignPhysician = 担当医の割当て
operation-cancelCase = お申込みの取消
operation-recordPatientDeath = 患者さんのご逝去の記録
operation-withdrawPatientDeath = ご逝去の記録の取消
operation-getChecklist = 必要書類チェックリストの表示
operation-rejectItem = 書類の再提出のお願い
operation-verifyItem = 書類の確認
operation-waiveItem = 書類の提出免除
operation-closeCase = 案件の完了
operation-reopenCase = 案件の再開
operation-declineCase = 受入不可の決定
operation-listDocuments = 書類の一覧
operation-uploadDocument = 書類の提出
operation-deleteDocument = 書類の削除
operation-getDocument = 書類の説明の表示
operation-updateDocument = 書類の説明の変更
operation-downloadDocument = 書類のダウンロード
operation-holdCase = 案件の一時保留
operation-listInformationRequests = 追加依頼の一覧
operation-requestInformation = 追加資料のお願い
operation-answerInformationRequest = 追加依頼への回答
operation-withdrawInformationRequest = 追加依頼の取下げ
operation-listRepresentatives = 代理相談者の一覧
operation-addRepresentative = 代理相談者の追加
operation-updateRepresentative = 代理相談者の変更
operation-endRepresentative = 代理相談者の登録終了
operation-claimPatientUninformed = 未告知の申告
operation-attestPatientUninformed = 未告知の取扱いの承認
operation-endPatientUninformed = 未告知の取扱いの終了
operation-listConsents = 同意書の一覧
operation-registerConsent = 同意書の登録
operation-verifyConsent = 同意書の確認
operation-withdrawConsent = 同意の撤回
operation-getConsentForm = 同意書様式の表示
operation-proposeAppointmentWishes = ご希望日時の提出
operation-offerAppointment = 日時のご案内
operation-withdrawAppointmentOffer = ご案内の取下げ
operation-acceptAppointmentOffer = ご案内日時の承諾
operation-bookAppointment = 予約の確定
operation-rescheduleAppointment = 予約の変更
operation-cancelAppointment = 予約の取消
operation-substitutePhysician = 担当医の交代
operation-markNotAttended = 来院なしの記録
operation-listAppointments = 予約の一覧
operation-getAppointment = 予約の表示
operation-getCalendarEntry = ご来院予定のカレンダー登録用ファイル
operation-recordArrival = 来院受付
operation-agreeExtension = 延長への同意
operation-recordConsultation = 相談の記録
operation-correctConsultation = 相談記録の訂正
operation-recordExamException = 診察実施の記録
operation-requestTreatment = 治療希望の申出
operation-answerTreatmentRequest = 治療希望への回答
operation-proposeCaseKind = 相談方法変更のご提案
operation-agreeCaseKind = 相談方法変更への同意
operation-withdrawCaseKindProposal = 相談方法変更の提案の取下げ
operation-lapseAppointment = 期限を過ぎたご案内の終了
operation-listInternalNotes = 院内メモの一覧
operation-addInternalNote = 院内メモの追加
operation-inviteToCase = 案件への招待
operation-issueInvoice = 請求書の発行
operation-issuePaidInvoice = 請求書兼領収書の発行
operation-listMessages = メッセージの一覧
operation-postMessage = メッセージの送信
operation-getOpinion = 意見書の表示
operation-draftOpinion = 意見書の作成
operation-getReExamination = 病理標本の再検討の表示
operation-proposeReExamination = 病理再検討の提案
operation-changeReExamination = 再検討内容の変更
operation-confirmSlides = 標本数の確認
operation-recordFindings = 再検討結果の記録
operation-addOpinionAddendum = 意見書への追補
operation-deliverOpinion = 意見書の交付
operation-recordOpinionSent = 意見書の発送の記録
operation-returnOpinion = 意見書の差戻し
operation-submitOpinion = 意見書の確認依頼
operation-reassignCase = 担当診療科の変更
operation-resumeCase = 保留の解除
operation-startTriage = 受入検討の開始
operation-submitCase = お申込みの提出
operation-listTimeline = 経過記録の表示
operation-getTreatmentEntry = 治療経過の項目の表示
operation-listTreatmentEntries = 治療経過の一覧
operation-addTreatmentEntry = 治療経過の追加
operation-deleteTreatmentEntry = 治療経過の項目の削除
operation-updateTreatmentEntry = 治療経過の項目の変更
operation-getCatalogue = ご案内の表示
operation-getVocabulary = 用語の一覧
operation-listDepartments = 診療科の一覧
operation-createDepartment = 診療科の登録
operation-updateDepartment = 診療科情報の変更
operation-listFailedJobs = 失敗した処理の一覧
operation-retryJob = 処理の再実行
operation-listFeeSchedules = 料金表の一覧
operation-getFeeSchedule = 料金表の表示
operation-acceptInvitation = 招待の受諾
operation-listInvoices = 請求書の一覧
operation-getInvoice = 請求書の表示
operation-listReceivables = 未収金の一覧
operation-listPayments = 入金の一覧
operation-recordPayment = 入金の記録
operation-reversePayment = 入金の取消
operation-recordUnmatchedPayment = 未照合入金の記録
operation-listUnmatchedPayments = 未照合入金の一覧
operation-getUnmatchedPayment = 未照合入金の閲覧
operation-matchPayment = 入金の照合
operation-returnUnmatchedPayment = 未照合入金の返金
operation-reverseUnmatchedPayment = 未照合入金の取消
operation-issueCreditNote = 減額通知書の発行
operation-getCreditNote = 減額通知書の閲覧
operation-extendInvoice = 支払期限の延長
operation-reissueInvoice = 請求書の訂正
operation-getReceipt = 領収書の閲覧
operation-printReceipt = 領収書の印刷
operation-writeOffInvoice = 未収金の償却の申請
operation-approveWriteOff = 償却の承認
operation-rejectWriteOff = 償却の却下
operation-getMe = 自分の情報の表示
operation-updateMe = 自分の情報の変更
operation-requestEmailChange = メールアドレス変更の申請
operation-confirmEmailChange = メールアドレス変更の確認
operation-changePassword = パスワードの変更
operation-requestPasswordReset = パスワード再設定の申請
operation-resetPassword = コードによるパスワードの設定
operation-listProblems = エラーの一覧
operation-getProblem = エラーの説明
operation-createQuote = 料金の試算
operation-getQuote = 料金の試算の表示
operation-registerApplicant = 申込者の登録
operation-resendVerification = 確認コードの再送
operation-verifyEmail = メールアドレスの確認
operation-listSessions = ログイン中の端末の一覧
operation-createSession = ログイン
operation-deleteSession = ログアウト
operation-endOtherSessions = ほかの端末からのログアウト
operation-refreshSession = ログインの更新
operation-signOut = 更新トークンによるログアウト
operation-endSession = 端末を選んでログアウト
operation-getSettings = 設定の表示
operation-updateSettings = 設定の変更
operation-getClosedDays = 休診日の表示
operation-updateClosedDays = 休診日の変更
operation-createAvailability = 相談可能枠の登録
operation-deleteAvailability = 相談可能枠の削除
operation-listAvailability = 相談可能枠の一覧
operation-listSlots = 空き時間の照会
operation-listPhysicians = 医師一覧
operation-listUsers = アカウントの一覧
operation-createUser = アカウントの作成
operation-getUser = アカウントの表示
operation-expireCase = 案件の期限切れ
operation-lapseReExamination = 提案された再検討の失効
operation-noteCaseOverdue = 意見書の遅れの記録
operation-removeEmptyDraft = 空の下書きの削除
operation-countRefusals = 拒否された要求の集計
operation-updateUser = アカウントの変更
operation-getTrialBalance = 残高試算表
operation-listRefunds = 返金の一覧
operation-listRefundsDue = 返金予定一覧
operation-getRefund = 返金の表示
operation-provideRefundDetails = 返金先の届出
operation-requestRefund = 返金の申請
operation-approveRefund = 返金の承認
operation-rejectRefund = 返金の差戻し
operation-recordRefundPaid = 返金実施の記録
operation-recordRefundReturned = 返金不着の記録

## letters
letter-verify_email = メールアドレスの確認のお願い
    .subject = メールアドレスの確認のお願い
    .body =
        ご登録ありがとうございます。メールアドレスの確認のため、次のコードを入力してください。

        { $code }

        有効期間は48時間です。お心当たりのない場合は、このメールを破棄してください。
letter-already_registered = このアドレスは登録済みです
    .subject = このアドレスは登録済みです
    .body = このメールアドレスでの新規登録の操作がありましたが、すでに登録されています。サインインしていただくか、パスワードの再設定を行ってください。
letter-reset_password = パスワードの再設定
    .subject = パスワードの再設定
    .body =
        新しいパスワードを設定するには、次のコードを入力してください。

        { $code }

        有効期間は1時間です。お心当たりのない場合は破棄してください。パスワードは変更されません。
letter-welcome = アカウントが作成されました
    .subject = アカウントが作成されました
    .body =
        アカウントが作成されました。次のコードを入力してパスワードを設定してください。

        { $code }

        有効期間は7日間です。
letter-password_changed = パスワードが変更されました
    .subject = パスワードが変更されました
    .body = アカウントのパスワードが変更され、すべての端末からサインアウトされました。お心当たりのない場合は、すぐにパスワードを再設定し、国際診療担当までご連絡ください。
letter-new_device = 新しい端末からのサインイン
    .subject = 新しい端末からのサインイン
    .body = これまでご利用のない端末からサインインがありました。日時: { $at } 接続元: { $source } アプリ: { $client }。お心当たりのない場合は、すぐにパスワードを変更し、国際診療担当までご連絡ください。
letter-token_reused = サインインの状態を終了しました
    .subject = サインインの状態を終了しました
    .body = お使いのサインインの状態が複製された可能性があるため、安全のため終了しました。もう一度サインインしてください。1台の端末のみでご利用の場合は、パスワードの変更をお願いします。
letter-change_email = 新しいメールアドレスの確認のお願い
    .subject = 新しいメールアドレスの確認のお願い
    .body =
        このメールアドレスをアカウントで使用するには、サインインのうえ、次のコードを入力してください。

        { $code }

        有効期間は1時間です。お心当たりのない場合は、このメールを破棄してください。
letter-email_change_requested = メールアドレス変更のお申し出がありました
    .subject = メールアドレス変更のお申し出がありました
    .body = アカウントのメールアドレスを変更する操作がありました。まだ変更されていません。お心当たりのない場合は、すぐにパスワードを変更し、国際診療担当までご連絡ください。
letter-email_changed = メールアドレスが変更されました
    .subject = メールアドレスが変更されました
    .body = アカウントのメールアドレスが変更されました。お心当たりのない場合は、すぐに国際診療担当までご連絡ください。
letter-address_shared = アカウントを停止しました
    .subject = アカウントを停止しました
    .body = 同じメールアドレスの、より古いアカウントがあるため、こちらのアカウントを停止しました。内容は失われていません。古いアカウントでサインインしていただくか、国際診療担当までご連絡ください。
letter-roles_requested = 権限付与の承認のお願い
    .subject = 権限付与の承認のお願い
    .body = 別の管理者から、2名の承認が必要な権限の申請がありました。サインインして承認待ちの内容をご確認のうえ、対象者と理由に問題がない場合のみ承認してください。
letter-roles_approved = 新しい権限が付与されました
    .subject = 新しい権限が付与されました
    .body = 申請されていた権限が承認されました。ご利用の際は、もう一度サインインしてください。
letter-invitation = 案件へのご招待
    .subject = 案件へのご招待
    .body =
        セカンドオピニオンのお申込みへの参加のご案内です。サインインのうえ、次のコードを入力してください。

        { $code }

        有効期間は14日間です。
letter-received = お申込みを受け付けました
    .subject = お申込み { $case } を受け付けました
    .body = セカンドオピニオンのお申込み { $case } を受け付けました。必要な書類等が揃っているか、国際診療担当が確認いたします。お手続きが必要になりましたら、あらためてご連絡いたします。
letter-consent_needed = 同意書のご提出のお願い
    .subject = お申込み { $case }:同意書のご提出のお願い
    .body = お申込み { $case } の代理相談者の方について、患者さんご本人の署名入り同意書が必要です。サインインのうえ同意書様式を印刷し、患者さんにご署名いただき、写しをご提出ください。原本はご来院時にお持ちください。
letter-consent_again = 同意書の再提出のお願い
    .subject = お申込み { $case }:同意書の再提出のお願い
    .body =
        お申込み { $case } の同意書を確認できませんでした。理由:{ $why ->
            [not_signed_by_patient] 患者さんご本人の署名ではありません。
            [signature_missing] 署名がありません。
            [date_missing] 日付がありません。
            [visitor_not_named] 来院される方のお名前がありません。
            [form_outdated] 様式が古くなっています。
            [illegible] 判読できません。
            [period_over] 有効期間が過ぎています。
           *[other] お申込みの画面で理由をご確認ください。
        }{ $words }

        { $why ->
            [illegible] お手数ですが、新しい写しをご提出ください。
           *[other] お手数ですが、様式を改めて印刷し、患者さんご本人に署名と日付をご記入いただいたうえで、写しをご提出ください。
        }
letter-appointment_offer = ご来院日時のご案内
    .subject = お申込み { $case }:ご来院日時のご案内
    .body =
        お申込み { $case } のご来院日時を、次のとおりご案内いたします(日本時間)。
        { $times }

        { $last_on }までにお選びください。期限を過ぎますと、お取り置きできなくなります。
letter-appointment_reserved = 仮予約のご案内
    .subject = お申込み { $case }:仮予約のご案内
    .body =
        お申込み { $case } のご来院日時を仮予約いたしました:{ $time }(日本時間)

        { $last_on }までにお支払いください。ご入金の確認をもって予約確定となります。期限を過ぎますと、仮予約は失効します。
letter-appointment_confirmed = ご予約の確定
    .subject = お申込み { $case }:ご予約が確定しました
    .body =
        お申込み { $case } のご予約が確定しました:{ $time }(日本時間)
        担当医:{ $physician }

        { $place ->
            [built_in] { visit-place }
           *[other] { $place }
        }

        当日お持ちいただくもの:{ $to_bring ->
            [built_in] { visit-to_bring }
           *[other] { $to_bring }
        }

        初回のご相談でお話しする内容:{ $to_be_discussed ->
            [built_in] { visit-to_be_discussed }
           *[other] { $to_be_discussed }
        }
letter-appointment_moved = ご予約の変更
    .subject = お申込み { $case }:ご予約を変更しました
    .body =
        お申込み { $case } のご予約は次のとおりとなりました:{ $time }(日本時間)
        担当医:{ $physician }
letter-appointment_tomorrow = 明日のご来院について
    .subject = お申込み { $case }:明日のご来院について
    .body =
        お申込み { $case } のご来院日は明日です:{ $time }(日本時間)
        担当医:{ $physician }

        { $place ->
            [built_in] { visit-place }
           *[other] { $place }
        }

        当日お持ちいただくもの:{ $to_bring ->
            [built_in] { visit-to_bring }
           *[other] { $to_bring }
        }

        ご来院が難しい場合は、本日中にご連絡ください。
letter-physician_changed = 担当医の交代について
    .subject = お申込み { $case }:担当医の交代について
    .body =
        お申込み { $case } のご相談は、{ $physician } が担当いたします:{ $time }(日本時間)

        別の日をご希望の場合はご連絡ください。
letter-appointment_cancelled_by_us = 当院の都合によるご予約の取消
    .subject = お申込み { $case }:ご予約の取消について
    .body =
        誠に申し訳ございませんが、当院の都合によりお申込み { $case } のご予約を取り消しました。費用はかかりません。

        あらためて日時をご案内いたします。ご希望されない場合はお申込みを取り消してください。お支払い済みの料金は全額返金いたします。
letter-appointment_cancelled = ご予約の取消
    .subject = お申込み { $case }:ご予約を取り消しました
    .body =
        お申込み { $case } のご予約を取り消しました。あらためてご希望日時をお知らせください。
letter-appointment_lapsed = ご案内の期限切れ
    .subject = お申込み { $case }:新しいご希望日時をお知らせください
    .body =
        お申込み { $case } のためにお取り置きしていた日時の期限が過ぎました。あらためてご希望日時をお知らせください。
letter-visit_did_not_take_place = ご相談が実施されませんでした
    .subject = お申込み { $case }:ご相談が実施されませんでした
    .body =
        お申込み { $case } のご相談は実施されませんでした。別の日をご希望の場合はご連絡ください。
letter-kind_proposed = ご相談方法のご提案
    .subject = お申込み { $case }:ご相談方法のご提案
    .body =
        お申込み { $case } について、次のご相談方法をご提案いたします:{ $kind ->
            [patient_consultation] 患者さんがご来院になる相談
            [representative_consultation] 代理の方がご来院になる相談
           *[written_opinion] 書面によるセカンドオピニオン
        }

        { $text }

        ご同意いただける場合は、お申込みの画面からお手続きください。ご希望にならない場合は、同じ画面でお断りいただけます。お手続きいただくまで、現在のお申込み内容に変更はございません。
letter-kind_changed = ご相談方法が変更されました
    .subject = お申込み { $case }:ご相談方法の変更
    .body =
        お申込み { $case } のご相談方法が変更されました:{ $kind ->
            [patient_consultation] 患者さんがご来院になる相談
            [representative_consultation] 代理の方がご来院になる相談
           *[written_opinion] 書面によるセカンドオピニオン
        }

        { $again ->
            [yes] 改めてお申込み内容を検討し、新しい概算見積書をお送りいたします。お支払い済みの金額はお預かりし、新しい料金に充当のうえ、残額は返金いたします。ご予約がある場合は取り消されますが、費用はかかりません。
           *[no] ご予約(お取りの場合)と概算見積に変更はございません。ご来院になる方は、本人確認書類をお持ちください。
        }
letter-reviewed_again = 別の診療科で検討いたします
    .subject = お申込み { $case }:別の診療科での検討
    .body = お申込み { $case } は、別の診療科で改めて検討することになりました。ご連絡するまで、お手続きはお待ちください。ご予約をお取りの場合は取り消されますが、費用はかかりません。ご承諾済みの概算見積は有効で、お支払い済みの金額はお預かりしております。
letter-payment_applied = お支払い済みの金額を充当いたしました
    .subject = お申込み { $case }:請求書 { $invoice } への充当
    .body = 先にお支払いいただいた{ $amount }円を、請求書 { $invoice } に充当いたしました。{ $owed ->
        [0] この請求書のお支払いは完了しております。
       *[other] 残りの{ $owed }円を、{ $due_on }までにお支払いください。
    }
letter-treatment_answer = 当院での治療のご希望について
    .subject = お申込み { $case }:当院での治療のご希望について
    .body = 当院での治療のご希望について回答いたしました。お申込み { $case } の画面でご確認のうえ、今後の手続きは国際診療担当までお問い合わせください。
letter-information_requested = ご確認のお願い
    .subject = お申込み { $case }:ご確認をお願いいたします
    .body = お申込み { $case } について、お伺いしたいこと、またはご提出いただきたい書類があります。サインインのうえ内容をご確認いただき、ご回答をお願いいたします。
letter-estimate = 概算見積書のご案内
    .subject = お申込み { $case }:概算見積書 { $estimate }
    .body = お申込み { $case } の概算見積書を作成いたしました({ $estimate }、{ $total }円・税込)。サインインのうえ、見積内容、利用規約およびキャンセルポリシーをご確認いただき、{ $last_on }までにご承諾をお願いいたします。{ $advance ->
        [0] この日を過ぎますと、お申込みは自動的に終了となります。
       *[other] お支払い済みの{ $advance }円を料金に充当し、残額がある場合は返金いたします。
    }
letter-bank_account = お振込先のご案内
    .subject = お申込み { $case }:お振込先のご案内
    .body =
        概算見積をご承諾いただき、ありがとうございます。請求書 { $invoice } の金額を、{ $due_on }までに着金するようお振込みください。

        金額:{ $owed }円
        銀行:{ $bank } { $branch }
        SWIFT/BIC:{ $swift }
        口座番号:{ $account }
        口座名義:{ $holder }
        照会番号:{ $case }

        全額が着金するよう、手数料はすべて送金人負担(OUR)でお手続きください。ご入金を確認した後、医師が意見書の作成を開始いたします。
letter-invoice_extended = お支払い期限を延長いたしました
    .subject = お申込み { $case }:請求書 { $invoice } のお支払い期限の延長
    .body =
        請求書 { $invoice } のお支払い期限を延長いたしました。{ $due_on }までに着金するようお振込みください。

        金額:{ $owed }円
        銀行:{ $bank } { $branch }
        SWIFT/BIC:{ $swift }
        口座番号:{ $account }
        口座名義:{ $holder }
        照会番号:{ $case }

        すでにお振込みがお済みの場合、お手続きは不要です。
letter-invoice_corrected = 請求書を訂正いたしました
    .subject = お申込み { $case }:訂正後の請求書 { $invoice }
    .body =
        請求書を訂正いたしました。{ $replaced } は破棄してください。訂正後の請求書は { $invoice } です。{ $due_on }までに着金するようお振込みください。

        金額:{ $owed }円
        銀行:{ $bank } { $branch }
        SWIFT/BIC:{ $swift }
        口座番号:{ $account }
        口座名義:{ $holder }
        照会番号:{ $case }

        すでにお振込みがお済みの場合、お手続きは不要です。
letter-invoice_corrected_paid = 請求書を訂正いたしました
    .subject = お申込み { $case }:訂正後の請求書 { $invoice }
    .body = 請求書を訂正いたしました。{ $replaced } は破棄してください。訂正後の請求書は { $invoice } です。ご入金は訂正後の請求書に充当しておりますので、お手続きは不要です。
letter-payment_short = ご入金額が不足しております
    .subject = お申込み { $case }:{ $owed }円が不足しております
    .body =
        { $received }円のご入金を確認いたしました。ありがとうございます。請求書 { $invoice } に対し、{ $owed }円が不足しております(送金の途中で銀行の手数料が差し引かれることがあります)。不足額を、{ $due_on }までに着金するようお振込みください。

        金額:{ $owed }円
        銀行:{ $bank } { $branch }
        SWIFT/BIC:{ $swift }
        口座番号:{ $account }
        口座名義:{ $holder }
        照会番号:{ $case }

        手数料はすべて送金人負担(OUR)でお手続きください。追加の送金手数料が不足額を上回る場合は、お振込みの前にご連絡ください。
letter-payment_confirmed = ご入金を確認いたしました
    .subject = お申込み { $case }:ご入金を確認いたしました
    .body = 請求書 { $invoice } のご入金を確認いたしました。ありがとうございます。必要なものがすべて揃いましたら、交付予定日をお知らせいたします。
letter-payment_confirmed_with_dates = ご入金を確認いたしました
    .subject = お申込み { $case }:ご入金を確認いたしました
    .body = 請求書 { $invoice } のご入金を確認いたしました。ありがとうございます。意見書の作成を開始いたします。交付は{ $from_on }から{ $to_on }までの間を予定しております。
letter-work_begins = 必要なものが揃いました
    .subject = お申込み { $case }:意見書の作成を開始いたします
    .body = 意見書の作成に必要なものがすべて揃いました。交付は{ $from_on }から{ $to_on }までの間を予定しております。
letter-re_examination_proposed = 病理標本再検討のご提案
    .subject = お申込み { $case }:病理標本の追加再検討の概算見積書 { $estimate }
    .body = 担当医より、お申込み { $case } について病理標本の追加の再検討をご提案いたします。概算見積書は { $estimate }({ $total }円・税込)です。ご希望の場合は、サインインのうえ内容をご確認いただき、{ $last_on }までにご承諾をお願いいたします。ご承諾がない場合は、追加の標本なしで作成を進めます。
letter-slides_differ = お届けの標本数について
    .subject = お申込み { $case }:お届けの標本数について
    .body = 病理標本が届きました。生検標本 { $biopsy_slides } 枚、手術(切除)標本 { $resected_specimens } 検体です。お申込みは { $asked_biopsy_slides } 枚、{ $asked_resected_specimens } 検体でした。不足分をお送りいただくか、再検討をご希望の標本を、お申込みのメッセージでお知らせください。
letter-re_examination_lapsed = 追加の標本の再検討は行いません
    .subject = お申込み { $case }:追加の標本の再検討について
    .body = お申込み { $case } の追加の病理標本の再検討は行いません。この分のお支払いは不要です。意見書の作成は追加の標本なしで進めます。
letter-expiring = お申込みの期限が近づいています
    .subject = お申込み { $case } の期限は{ $last_on }です
    .body = お申込み { $case } には、お手続きいただくことが残っております。{ $last_on }までにお手続きがない場合、お申込みは自動的に終了となります。サインインのうえ内容をご確認ください。
letter-expired = お申込みは終了いたしました
    .subject = お申込み { $case } は終了いたしました
    .body = お申込み { $case } は、期限までにお手続きがなかったため終了いたしました。お支払いは不要です。継続をご希望の場合はご連絡ください。終了後{ $days }日以内であれば、続きからお手続きを再開できます。
letter-declined = お申込みをお受けできませんでした
    .subject = お申込み { $case } について
    .body =
        誠に申し訳ございませんが、お申込み { $case } はお受けできないこととなりました。

        { $text }

        ご不明な点は、国際診療担当までお問い合わせください。
letter-cancelled = お申込みは取り消されました
    .subject = お申込み { $case } は取り消されました
    .body = お申込み { $case } は取り消されました。返金がある場合は、別途ご案内いたします。ご不明な点は、国際診療担当までお問い合わせください。
letter-delivered = 意見書が完成いたしました
    .subject = お申込み { $case }:意見書が完成いたしました
    .body = お申込み { $case } の意見書が完成いたしました。サインインのうえご覧ください。
letter-closed = お手続きが完了いたしました
    .subject = お申込み { $case }:お手続きが完了いたしました
    .body = お申込み { $case } のお手続きはすべて完了いたしました。ご利用いただき、誠にありがとうございました。ご不明な点は、国際診療担当までお問い合わせください。
letter-payment_received = ご入金を確認いたしました
    .subject = お申込み { $case }:ご入金を確認いたしました
    .body = { $received }円のご入金を確認いたしました。請求書 { $invoice } のお支払いは完了しております。ありがとうございます。
letter-invoice_reduced = ご請求額が変わりました
    .subject = お申込み { $case }:ご請求額が変わりました
    .body =
        請求書 { $invoice } の金額を減額いたしました。残りの{ $owed }円を、{ $due_on }までに着金するようお振込みください。

        金額:{ $owed }円
        銀行:{ $bank } { $branch }
        SWIFT/BIC:{ $swift }
        口座番号:{ $account }
        口座名義:{ $holder }
        照会番号:{ $case }

        全額が着金するよう、手数料はすべて送金人負担(OUR)でお手続きください。
letter-invoice_cancelled = お振込みは不要です
    .subject = お申込み { $case }:請求書 { $invoice } のお振込みは不要です
    .body = 請求書 { $invoice } は破棄してください。この請求書によるお支払いは不要です。すでにお振込みの場合は返金いたします。別の請求書がある場合は、あらためてご案内いたします。
letter-reopened = お申込みの手続きを再開いたしました
    .subject = お申込み { $case } の手続きを再開いたしました
    .body = お申込み { $case } の手続きを再開いたしました。サインインのうえ、現在の状況とお手続きをご確認ください。
letter-cancelled_with_fee = お申込みは取り消されました
    .subject = お申込み { $case } は取り消されました
    .body = お申込み { $case } は取り消されました。ご承諾いただいたキャンセルポリシーに基づき、{ $kept }円をキャンセル料として申し受け、{ $back }円を返金いたします。ご不明な点は、国際診療担当までお問い合わせください。
letter-cancelled_without_return = お申込みは取り消されました
    .subject = お申込み { $case } は取り消されました
    .body = お申込み { $case } は取り消されました。ご承諾いただいたキャンセルポリシーに基づき、{ $kept }円をキャンセル料として申し受け、ご返金はございません。ご不明な点は、国際診療担当までお問い合わせください。
letter-delivered_to_the_patient = 意見書をお渡しいたしました
    .subject = お申込み { $case }:意見書をお渡しいたしました
    .body = お申込み { $case } の意見書を患者さんにお渡しいたしました。ご覧いただくには、患者さんの署名入りの情報提供同意書が必要ですが、まだ確認できておりません。
letter-refund_details = 返金先口座をお知らせください
    .subject = お申込み { $case }:{ $amount }円の返金先をお知らせください
    .body = お申込み { $case } についてお支払いいただいた金額のうち、{ $amount }円を返金いたします。サインインのうえ、返金先の銀行口座をご入力ください。
letter-refund_paid = 返金のお手続きをいたしました
    .subject = お申込み { $case }:{ $amount }円を返金いたしました
    .body = お申込み { $case } について、ご指定の口座へ{ $amount }円をお振込みいたしました。着金まで数日かかる場合があります。

# 通知の枠
letter_frame-greeting = { $name } 様
letter_frame-link = サインインはこちら:{ $portal_url }
letter_frame-signature =
    { $hospital }
    { $desk }
    { $desk_email } { $desk_phone }
    { $desk_hours }
letter_frame-signature_of_the_desk =
    { $desk }
    { $desk_email } { $desk_phone }
    { $desk_hours }

# 後で行う処理の種類
job-send_email = メールの送信
job-write_letter = お申込みに関する通知の作成
job-expire_case = 案件の期限切れ処理
job-lapse_re_examination = 提案された再検討の失効処理
job-note_case_overdue = 意見書の遅延の記録
job-sweep = 保存期間を過ぎた情報の削除

## account
account-receivable = 未収金(請求済)
account-advances_billed = 前受請求(未入金・対照)
account-advances_received = 前受金
account-overpayments = 預り金(過入金)
account-unmatched_receipts = 仮受金(未照合入金)
account-refunds_payable = 未払返金
account-bank = 普通預金
account-cash = 現金
account-card = クレジット未収金
account-revenue = 医業収益(自費・税抜)
account-consumption_tax = 仮受消費税
account-cancellation_income = キャンセル料収入(対象外)
account-bank_charges = 支払手数料
account-shortfall = 雑損失
account-bad_debts = 貸倒損失
account-other_income = 雑収入

## charge_bearer
charge_bearer-hospital = 病院
charge_bearer-payee = 受取人

## refund_reason
refund_reason-declined = お受けできなかったため
refund_reason-cancelled = 取消のため
refund_reason-overpaid = 過入金
refund_reason-after_end = 終了後の入金
refund_reason-credited = 減額のため
refund_reason-unmatched = 請求書不明

## refund_state
refund_state-due = 返金予定
refund_state-requested = 申請中
refund_state-approved = 承認済(送金手続中)
refund_state-paid = 返金済
refund_state-applied_to_invoice = 他の請求書に充当済
refund_state-given_up_by_payer = お受取り辞退
refund_state-unclaimed = お受取り未了
refund_state-withdrawn = 返金取りやめ

## write_off_reason
write_off_reason-bank_charges = 銀行手数料
write_off_reason-uncollectible = 回収不能

## receipt_mark
receipt_mark-reissued = 再発行

## write_off_state
write_off_state-requested = 承認待ち
write_off_state-approved = 承認済
write_off_state-rejected = 却下
credit_note_kind-cancellation = 取消
credit_note_kind-correction = 訂正
credit_note_kind-return = 返還(適格返還請求書)
receipt_purpose-advance = 前受金
receipt_purpose-service = 診療費等
receipt_purpose-deposit = 預り金

## settlement
settlement-pay_out = 送金
settlement-apply_to_invoice = 他の請求書に充当
settlement-given_up_by_payer = お受取り辞退
settlement-unclaimed = お受取り未了

## consent_kind
consent_kind-representative_consultation = 代理相談に関する同意書
consent_kind-agency_disclosure = 提携事業者への提供に関する同意書

## consent_outcome
consent_outcome-verified = 確認済み
consent_outcome-refused = 再提出のお願い

## consent_refusal
consent_refusal-not_signed_by_patient = 患者さんご本人の署名ではない
consent_refusal-signature_missing = 署名なし
consent_refusal-date_missing = 日付なし
consent_refusal-visitor_not_named = 来院される方のお名前がない
consent_refusal-form_outdated = 様式が古い
consent_refusal-illegible = 判読できない
consent_refusal-period_over = 有効期間切れ

## consent_signer
consent_signer-patient = 患者さんご本人
consent_signer-legal_representative = 法定代理人
consent_signer-other = その他の方

## consent_state
consent_state-registered = 受領(確認前)
consent_state-verified = 確認済
consent_state-refused = 再提出のお願い
consent_state-withdrawn = 撤回
consent_state-ended = 有効期間終了

## legal_ground
legal_ground-minor = 未成年
legal_ground-incapacity = ご本人による署名が困難

## representative_state
representative_state-named = 登録済
representative_state-ended = 登録終了

## uninformed_state
uninformed_state-claimed = 申告あり
uninformed_state-attested = 承認済
uninformed_state-refused = 不承認
uninformed_state-review_due = 見直し時期
uninformed_state-ended = 終了

## closed_day_kind
closed_day_kind-holiday = 祝日
closed_day_kind-turn_of_the_year = 年末年始
closed_day_kind-own = 病院または診療科の休診日

## visit
visit-place = ご予約の15分前までに、病院1階の国際診療担当窓口へお越しください。
visit-to_bring = 来院される方全員の本人確認書類、同意書が必要な場合はその原本、診療情報や画像の原本をお持ちください。
visit-to_be_discussed = 現在受けておられる治療、現在の病状、考えられる治療の選択肢、ご質問、当院での治療をご希望の場合は今後の進め方について話し合います。

## price
price-exact = { $amount }円(税込)
price-minimum = { $amount }円(税込)~

## consent_form
consent_form-application = お申込み番号

## appointment_state
appointment_state-offered = ご案内中
appointment_state-reserved = 仮予約(ご入金待ち)
appointment_state-confirmed = 予約確定
appointment_state-arrived = 来院済
appointment_state-held = 相談実施済
appointment_state-not_attended = 実施されず
appointment_state-broken_off = 当院の都合により中断
appointment_state-moved = 変更済
appointment_state-cancelled_by_applicant = お申込者側による取消
appointment_state-cancelled_by_hospital = 当院都合による取消
appointment_state-lapsed = ご回答期限切れ
appointment_state-withdrawn = 取下げ

## changed_by
changed_by-applicant = お申込者側
changed_by-hospital = 当院

## change_reason
change_reason-flight = 航空便
change_reason-visa = 査証
change_reason-health = 体調
change_reason-interpreter = 通訳
change_reason-physician_absent = 担当医の都合
change_reason-other = その他

## interpreter_from
interpreter_from-not_needed = 不要
interpreter_from-hospital = 当院手配の通訳
interpreter_from-brought = ご同伴の通訳
interpreter_from-telephone = 電話通訳

## person_at_visit
person_at_visit-patient = 患者さん
person_at_visit-representative = 代理相談者
person_at_visit-unannounced = 登録のない方
person_at_visit-companion = 同席者

## at_the_door
at_the_door-received = 受付済
at_the_door-outside = 入室前(別室でお待ち)

## outside_reason
outside_reason-identity_not_shown = 本人確認ができない
outside_reason-consent_missing = 同意書なし
outside_reason-original_missing = 同意書原本なし
outside_reason-consent_withdrawn = 同意の撤回
outside_reason-not_named = 登録のない方
outside_reason-other = その他

## identity_kind
identity_kind-passport = 旅券
identity_kind-residence_card = 在留カード
identity_kind-other = その他

## interpreter_at_visit
interpreter_at_visit-present = 同席
interpreter_at_visit-replaced = 交代または電話通訳
interpreter_at_visit-went_on_without = 通訳なしで実施
interpreter_at_visit-not_needed = 不要

## extension_payer
extension_payer-payer = 概算見積書のお支払者
extension_payer-visitor = 来院された方(当日払い)

## not_charged_reason
not_charged_reason-hospital_delay = 当院の都合による延長(無料)

## treatment_decision
treatment_decision-possible = 当院での治療が可能
treatment_decision-not_possible = 当院での治療は困難
treatment_decision-more_needed = 判断にはさらに情報が必要

## calendar_entry
calendar_entry-summary = 病院のご予約({ $case })
