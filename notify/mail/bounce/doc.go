// Package bounce reads what mail servers write back about a mail: delivery
// reports in the form of RFC 3464. It reads them only: it stores nothing, sends
// nothing, believes nothing that a report says about who it is about, and keeps
// neither addresses of recipients nor the words of servers.
package bounce
