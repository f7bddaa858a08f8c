// Package backup copies the database while it is used, keeps copies for their time, and puts one back. What a copy must be good for is checked by models/store/backup.
package backup
