package storetest

import (
	"github.com/ouderavond/ouderavond/models"
)

func (s *Sample) addBookings() {
	household, pupil, staff := ID[models.HouseholdID]("household"), ID[models.PupilID]("pupil"), ID[models.StaffID]("staff")
	conference, kind := ID[models.ConferenceID]("conference"), ID[models.TalkKindID]("talk kind")
	appointment := ID[models.AppointmentID]("appointment")
	s.add(
		rowOf(&models.Booking{
			ID: ID[models.BookingID]("booking"), HouseholdID: household, MakerID: ID[models.MakerID]("maker"), ActorKind: turned(s, models.ActorParent, models.ActorKey),
			ActorID: ID[models.RowID]("actor"), OnBehalf: s.yes(), Made: 1 + s.turn, Moved: 2, Cancelled: 3, At: s.at(12),
		}),
		rowOf(&models.Appointment{
			ID: appointment, ConferenceID: conference, DayID: ID[models.DayID]("day"), TalkKindID: kind, PupilID: pupil, HouseholdID: household,
			Party: 1 + s.turn, BookingID: ID[models.BookingID]("booking"), MakerID: ID[models.MakerID]("maker"), StartTick: Tick(2 + s.turn), EndTick: Tick(4 + s.turn),
			RoomID: ID[models.RoomID]("room"), State: turned(s, models.AppointmentBooked, models.AppointmentCancelled), Version: int64(5 + s.turn),
		}),
		rowOf(&models.AppointmentStaff{AppointmentID: appointment, StaffID: staff}),
		rowOf(&models.Claim{Holder: models.HolderID(staff), Tick: Tick(2), AppointmentID: appointment}),
		rowOf(&models.Claim{Holder: models.HolderID(staff), Tick: Tick(10), BlockID: ID[models.RowID]("block")}),
		rowOf(&models.Task{
			ID: ID[models.TaskID]("task"), Kind: models.TaskKind(s.text("kind")), State: turned(s, models.TaskWaiting, models.TaskRunning), Done: 1 + s.turn, Total: 3 + s.turn,
			Problem: s.text("problem"), Attempt: 1 + s.turn, Epoch: int64(2 + s.turn), LeasedUntil: s.instant(-60), CreatedAt: s.at(13), EndedAt: s.instant(20),
			Input: []byte(`"` + s.text("input") + `"`),
		}),
		rowOf(&models.Idempotency{Actor: "parent sample", KeyIndex: []byte("idempotency key"), Fingerprint: s.bytes("fingerprint"), Result: s.text("result"), At: s.at(14)}),
		rowOf(&models.Audit{
			ID: ID[models.RowID]("audit"), At: s.at(15), ActorKind: turned(s, models.ActorStaff, models.ActorSystem), ActorID: ID[models.RowID]("actor"),
			Action: s.text("action"), Subject: ID[models.RowID]("pupil"), Reason: s.text("reason"), Counts: map[string]int{s.text("count"): 4},
		}),
		rowOf(&models.ReadSet{ID: ID[models.RowID]("read set"), At: s.at(16), Persons: s.bytes("eight by")[:8]}),
		rowOf(&models.Read{
			At: Start(), ID: ID[models.RowID]("read"), ActorKind: turned(s, models.ActorStaff, models.ActorKey), ActorID: ID[models.RowID]("actor"), Route: s.text("route"),
			Counts: map[models.PersonKind]int{models.PersonPupil: 1 + s.turn}, Persons: s.bytes("eight by")[:8], SetID: ID[models.RowID]("read set"),
		}),
	)
}

func (s *Sample) addMessages() {
	household, contact, day := ID[models.HouseholdID]("household"), ID[models.ContactID]("contact"), ID[models.DayID]("day")
	s.add(
		rowOf(&models.Message{
			ID: ID[models.MessageID]("message"), Kind: turned(s, models.MessageConfirmation, models.MessageCode), Channel: turned(s, models.ChannelMail, models.ChannelSMS),
			State: turned(s, models.MessageQueued, models.MessageSent), HouseholdID: household, ContactID: contact, DayID: day, BookingID: ID[models.BookingID]("booking"),
			Language: s.text("language"), DueAt: s.at(-90), UsefulUntil: s.at(90), Attempts: 1 + s.turn, LeasedUntil: s.instant(-80), CarrierID: s.text("carrier"),
			Problem: s.text("problem"), CreatedAt: s.at(16), SentAt: s.instant(17), Again: s.yes(), Revision: int64(3 + s.turn), ReportedAt: s.instant(18), FollowUpAt: s.instant(-70),
			FollowUps: 2 + s.turn, RedactedAt: s.instant(19), Details: models.MessageDetails{
				Code: s.text("code"), CodeUntil: s.at(20), Link: s.text("link"), Purpose: models.TokenPurpose(s.text("what it opens")), Name: s.text("name"), Last: true, To: s.text("to"), Body: s.bytes("body"), Import: ID[models.RowID]("import"),
				Former: []models.FormerTalk{{
					Pupil: ID[models.PupilID]("pupil"), Household: ID[models.HouseholdID]("household"), Conference: ID[models.ConferenceID]("conference"),
					Day: ID[models.DayID]("day"), Kind: ID[models.TalkKindID]("talk kind"), Start: Tick(2 + s.turn), End: Tick(4), Staff: []models.StaffID{ID[models.StaffID]("staff")},
				}},
				Changes: []models.MessageChange{{Act: models.ActMove, Appointment: ID[models.AppointmentID]("appointment"), Previous: Tick(1 + s.turn)}},
			},
		}),
		rowOf(&models.PersonErasure{
			ID: ID[models.RowID]("erasure"), Kind: turned(s, models.ErasedPupil, models.ErasedContact), Subject: s.bytes("erased"),
			Messages: []models.MessageID{ID[models.MessageID]("message")}, At: s.at(17),
		}),
		rowOf(&models.Invitation{HouseholdID: household, DayID: day, ContactID: contact, UID: ID[models.RowID](s.text("uid")), Sequence: 1 + s.turn}),
	)
}

func (s *Sample) addAccess() {
	household, pupil := ID[models.HouseholdID]("household"), ID[models.PupilID]("pupil")
	s.add(
		rowOf(&models.Account{
			ID: ID[models.AccountID]("account"), State: turned(s, models.AccountInvited, models.AccountActive), Roles: []models.Role{turned(s, models.RoleTeacher, models.RoleAdministrator)},
			StaffID: ID[models.StaffID]("staff"), LoginIndex: s.bytes("login"), CreatedAt: s.at(18), SeenAt: s.instant(19),
			Details: models.AccountDetails{Login: s.text("login"), Name: s.text("account")},
		}),
		rowOf(&models.Credential{
			ID: ID[models.RowID]("credential"), AccountID: ID[models.AccountID]("account"), Kind: turned(s, models.CredentialPassword, models.CredentialTOTP), SubjectIndex: s.bytes("recovery"),
			Counter: int64(1 + s.turn), Pending: s.yes(), HashBefore: s.text("hash"), CreatedAt: s.at(18), Secret: models.CredentialSecret{Hash: s.text("sealed hash"), Key: s.bytes("key")},
		}),
		rowOf(&models.AccountToken{
			ID: ID[models.RowID]("account token"), AccountID: ID[models.AccountID]("account"), Purpose: turned(s, models.TokenInvitation, models.TokenPassword), TokenIndex: s.bytes("account token"),
			CreatedAt: s.at(18), ExpiresAt: s.at(900), UsedAt: s.instant(20),
		}),
		rowOf(&models.StaffPass{AccountID: ID[models.AccountID]("account"), SubjectIndex: []byte("pass subject"), CreatedAt: s.at(18), ExpiresAt: s.at(900)}),
		rowOf(&models.PersonalLink{
			ConferenceID: ID[models.ConferenceID]("conference"), HouseholdID: household, Version: 1 + s.turn, LinkIndex: s.bytes("personal link"), MadeAt: s.at(18),
			People: models.LinkPeople{
				Pupils:    []models.LinkPupil{{ID: pupil, Homes: 1 + s.turn}},
				Guardians: []models.LinkGuardian{{ID: ID[models.GuardianID]("guardian"), Name: s.bytes("guardian name")}},
				Contacts:  []models.LinkContact{{ID: ID[models.ContactID]("contact"), Kind: turned(s, models.ContactEmail, models.ContactPhone), Value: s.bytes("address"), Guardian: s.bytes("guardian name")}},
			},
		}),
		rowOf(&models.APIKey{
			ID: ID[models.APIKeyID]("api key"), KeyIndex: s.bytes("api key"), Scopes: []models.Scope{models.Scope(s.text("scope"))}, CreatedAt: s.at(19),
			ExpiresAt: s.instant(800), RevokedAt: s.instant(700), Details: models.APIKeyDetails{Name: s.text("api key")},
		}),
		rowOf(&models.Session{
			ID: ID[models.SessionID]("session"), Kind: turned(s, models.SessionParent, models.SessionStaff), TokenIndex: s.bytes("token"),
			AccountID: ID[models.AccountID]("account"), DeviceIndex: s.bytes("device"), Language: s.text("language"), CreatedAt: s.at(20), SeenAt: s.at(21), ExpiresAt: s.at(600),
			Data: models.SessionData{
				Grants: []models.Grant{{Household: household, Pupils: []models.PupilID{pupil}, Confirmed: s.yes()}}, Makers: []models.MakerID{ID[models.MakerID]("maker")},
				Proofs: []models.ProofGiven{{Kind: turned(s, models.ProvedByLink, models.ProvedByPassword), At: s.at(21)}}, Remembered: s.yes(),
			},
		}),
		rowOf(&models.HouseholdLogin{HouseholdID: household, At: s.at(22)}),
		rowOf(&models.Code{
			ID: ID[models.RowID]("code"), Kind: turned(s, models.CodeContact, models.CodeDesk), HouseholdID: household, PupilID: pupil, CodeIndex: s.bytes("code"),
			Attempts: 1 + s.turn, CreatedAt: s.at(22), ExpiresAt: s.at(32), UsedAt: s.instant(23), TokenIndex: s.bytes("try"), LinkIndex: s.bytes("link"), LinkExpiresAt: s.instant(52),
		}),
		rowOf(&models.Budget{Name: "child", Subject: []byte("budget subject"), Window: Start(), Spent: 1 + s.turn}),
		rowOf(&models.LoginMiss{
			Slot: 7, Lane: turned(s, models.LanePublic, models.LaneDevice), Household: s.bytes("household"), Child: s.bytes("child"), Address: s.bytes("address"), Network: s.bytes("network"),
			Token: s.bytes("try"), Answer: s.bytes("answer"), Cost: 1 + s.turn, At: s.at(24),
		}),
		rowOf(&models.LoginShadow{
			Slot: 7, Lane: turned(s, models.LanePublic, models.LaneDevice), Household: s.bytes("household"), Child: s.bytes("child"), Address: s.bytes("address"), Network: s.bytes("network"),
			Token: s.bytes("try"), Answer: s.bytes("answer"), Cost: 1 + s.turn, At: s.at(24),
		}),
		rowOf(&models.LoginSuccess{Address: []byte("address"), Household: []byte("household"), Network: s.bytes("network"), At: s.at(25)}),
	)
}
