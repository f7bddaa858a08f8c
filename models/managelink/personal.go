package managelink

import "encoding/binary"

// personalSize is how long a personal link is, in bytes: 22 characters.
const personalSize = 16

// Personal gives the text of a household's link for a round of talks: a keyed hash of both and of a version, which makes another link of it when it goes up.
func Personal(index Index, household, conference [16]byte, version int) string {
	body := binary.BigEndian.AppendUint32(append(append([]byte(nil), household[:]...), conference[:]...), uint32(version))
	return encoding.EncodeToString(index("personal link", string(body))[:personalSize])
}

// IsPersonal reports whether a text has the form of a personal link: it has one spelling only.
func IsPersonal(text string) bool {
	raw, err := encoding.DecodeString(text)
	return err == nil && len(raw) == personalSize && len(text) == encoding.EncodedLen(personalSize)
}
