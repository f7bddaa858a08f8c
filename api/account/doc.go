// Package account is the chapter of the API about the accounts of the school's people: making and closing them, getting in, and what an owner does with the own one. It asks
// services and shapes answers; it decides nothing.
package account
