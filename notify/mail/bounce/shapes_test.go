package bounce_test

import "strings"

// report builds a delivery report: the head of the mail, a part for people, and the part for machines. Line ends are those of the wire.
func report(head, people, machines string) string {
	return wire(head + `
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_b1"

--=_b1
` + people + `

--=_b1
` + machines + `

--=_b1
Content-Type: message/rfc822

From: De Linde <afspraak@ouderavond.example>
To: ouder@example.com
Subject: Uw gesprek
Action: delivered
Status: 2.0.0

Tot maandag.
--=_b1--
`)
}

func wire(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") }

const (
	back = "ac7e@terug.ouderavond.example"

	postfixHead = `Return-Path: <>
Received: by mx.example.net (Postfix)
	id 4Xq0000000z9d; Mon,  2 Nov 2026 19:00:05 +0100 (CET)
Date: Mon,  2 Nov 2026 19:00:05 +0100 (CET)
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: ` + back + `
Auto-Submitted: auto-replied`

	postfixPeople = `Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.net.

<ouder@example.com>: host mail.example.com[192.0.2.7] said: 550 5.1.1
    <ouder@example.com>: Recipient address rejected: User unknown in virtual
    mailbox table (in reply to RCPT TO command)`

	postfixMachines = `Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
X-Postfix-Queue-ID: 4Xq0000000z9c
X-Postfix-Sender: rfc822; ` + back + `
Arrival-Date: Mon,  2 Nov 2026 19:00:04 +0100 (CET)

Final-Recipient: rfc822; ouder@example.com
Original-Recipient: rfc822;ouder@example.com
Action: failed
Status: 5.1.1
Remote-MTA: dns; mail.example.com
Diagnostic-Code: smtp; 550 5.1.1 <ouder@example.com>: Recipient address
    rejected: User unknown in virtual mailbox table`

	postfixDelayed = `Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
X-Postfix-Queue-ID: 4Xq0000000z9c
Arrival-Date: Mon,  2 Nov 2026 19:00:04 +0100 (CET)

Final-Recipient: rfc822; ouder@example.com
Action: delayed
Status: 4.4.1
Diagnostic-Code: X-Postfix; connect to mail.example.com[192.0.2.7]:25:
    Connection timed out
Will-Retry-Until: Sat,  7 Nov 2026 19:00:04 +0100 (CET)`

	// With SMTPUTF8 Postfix names the part otherwise (RFC 6533).
	postfixGlobal = `Content-Description: Delivery report
Content-Type: message/global-delivery-status; charset=utf-8
Content-Transfer-Encoding: 8bit

Reporting-MTA: dns; mx.example.net

Final-Recipient: utf-8; zoë@example.com
Action: failed
Status: 5.6.7
Diagnostic-Code: X-Postfix; SMTPUTF8 is required, but was not offered`

	exchangeHead = `From: <postmaster@delinde.example>
To: <` + back + `>
Date: Mon, 2 Nov 2026 18:00:05 +0000
Content-Language: nl-NL
Message-ID: <9c1f0000-0000-4000-8000-000000000000@AM0PR01MB0001.eurprd01.prod.exchangelabs.example>
Subject: =?utf-8?B?T25iZXN0ZWxiYWFyOiBVdyBnZXNwcmVr?=
Auto-Submitted: auto-replied`

	exchangePeople = `Content-Type: multipart/alternative; differences=Content-Type;
	boundary="=_inner"

--=_inner
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: base64

VXcgYmVyaWNodCBrb24gbmlldCB3b3JkZW4gYmV6b3JnZC4=

--=_inner
Content-Type: text/html; charset="utf-8"
Content-Transfer-Encoding: base64

PHA+VXcgYmVyaWNodCBrb24gbmlldCB3b3JkZW4gYmV6b3JnZC48L3A+

--=_inner--`

	exchangeMachines = `Content-Type: message/delivery-status

Reporting-MTA: dns;AM0PR01MB0001.eurprd01.prod.exchangelabs.example
Received-From-MTA: dns;mx.ouderavond.example
Arrival-Date: Mon, 2 Nov 2026 18:00:04 +0000

Final-Recipient: rfc822;ouder@example.com
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ouder@example.com not found by SMTP address lookup`

	exchangeFull = `Content-Type: message/delivery-status

Reporting-MTA: dns;EX01.delinde.example
Received-From-MTA: dns;mx.delinde.example
Arrival-Date: Mon, 2 Nov 2026 18:00:04 +0000

Original-Recipient: rfc822;ouder@example.com
Final-Recipient: rfc822;ouder@example.com
Action: failed
Status: 5.2.2
Diagnostic-Code: smtp;554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded`

	// Asked for by the sender: a receipt of delivery.
	exchangeDelivered = `Content-Type: message/delivery-status

Reporting-MTA: dns;EX01.delinde.example

Final-recipient: RFC822;ouder@example.com
Action: delivered
Status: 2.0.0`

	gmailHead = `Delivered-To: ` + back + `
Received: by 2002:a05:6000:0:b0:0:0:0 with SMTP id x0;
        Mon, 02 Nov 2026 10:00:05 -0800 (PST)
X-Failed-Recipients: ouder@example.com
From: Mail Delivery Subsystem <mailer-daemon@googlemail.example>
To: ` + back + `
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Failure)
References: <1793642404.1@ouderavond.example>`

	gmailPeople = `Content-Type: multipart/related; boundary="=_pictures"

--=_pictures
Content-Type: multipart/alternative; boundary="=_words"

--=_words
Content-Type: text/plain; charset="UTF-8"
Content-Transfer-Encoding: quoted-printable


** Adres niet gevonden **

Uw bericht is niet bezorgd bij ouder@example.com, omdat het adres niet is g=
evonden.

--=_words--
--=_pictures
Content-Type: image/png; name="icon.png"
Content-Transfer-Encoding: base64
Content-ID: <icon.png>

iVBORw0KGgo=
--=_pictures--`

	gmailMachines = `Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.example
Received-From-MTA: dns; afspraak@ouderavond.example
Arrival-Date: Mon, 02 Nov 2026 10:00:04 -0800 (PST)
X-Original-Message-ID: <1793642404.1@ouderavond.example>

Final-Recipient: rfc822; ouder@example.com
Action: failed
Status: 5.1.1
Remote-MTA: dns; gmail-smtp-in.l.google.example. (192.0.2.27, the server
 for the domain example.com.)
Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please try
 550-5.1.1 double-checking the recipient's email address for typos or
 550-5.1.1 unnecessary spaces. For more information, go to
 550 5.1.1  https://support.example/mail/?p=NoSuchUser a640c23a62f3a-b00 - gsmtp
Last-Attempt-Date: Mon, 02 Nov 2026 10:00:05 -0800 (PST)`

	// Gmail says nothing in particular in the status and all of it in the answer.
	gmailVague = `Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.example

Final-Recipient: rfc822; ouder@example.com
Action: failed
Status: 5.0.0
Diagnostic-Code: smtp; 550-5.7.26 Your email has been blocked because the sender is unauthenticated.
 550 5.7.26  https://support.example/mail/answer/81126 - gsmtp
Last-Attempt-Date: Mon, 02 Nov 2026 10:00:05 -0800 (PST)`

	gmailDelayed = `Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.example

Final-Recipient: rfc822; ouder@example.com
Action: delayed
Status: 4.4.1
Diagnostic-Code: smtp; The recipient server did not accept our requests to connect. (192.0.2.7: timed out)
Last-Attempt-Date: Mon, 02 Nov 2026 10:00:05 -0800 (PST)
Will-Retry-Until: Thu, 05 Nov 2026 10:00:04 -0800 (PST)`

	eximMachines = `Content-type: message/delivery-status

Reporting-MTA: dns; mail.example.net

Action: failed
Final-Recipient: rfc822;ouder@example.com
Status: 5.0.0
Remote-MTA: dns; mail.example.com
Diagnostic-Code: smtp; 550 5.1.1 <ouder@example.com> User doesn't exist`

	sendmailMachines = `Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.net
Received-From-MTA: DNS; mx.ouderavond.example
Arrival-Date: Mon, 2 Nov 2026 19:00:04 +0100

Final-Recipient: RFC822; ouder@example.com
Action: failed
Status: 5.1.1 (bad destination mailbox address)
Remote-MTA: DNS; mail.example.com
Diagnostic-Code: SMTP; 550 5.1.1 ouder@example.com... User unknown
Last-Attempt-Date: Mon, 2 Nov 2026 19:00:05 +0100`
)
