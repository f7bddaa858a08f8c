// Package parent is what parents see: log in, choose, confirm, my appointments; beside them the manage link, the codes and, in a demonstration, a start page
// and the mailbox. Pages are plain HTML made on the server, which work without JavaScript; there is none.
//
// A page holds no state on the server. What a parent chose travels in the form and in the address, as ids; what they typed travels in forms only. Every
// decision about families, appointments and sessions is made by the services of auth and booking. Queries, rules and the API never live here; what every kind
// of page shares is package layout's.
package parent
