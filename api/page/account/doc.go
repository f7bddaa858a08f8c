// Package account has the pages by which the school's people get in, look after their own account, and administrators after everybody's. The first of all, which makes a
// school and its administrator on an empty installation, is here too. It calls the services that the API calls and knows no rule of its own.
package account
