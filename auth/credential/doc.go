// Package credential keeps what proves that somebody is an account's owner, and compares with it: passwords, the digits of a program on a telephone, recovery codes. It
// opens no session and knows no role; packages staff and account do.
package credential
