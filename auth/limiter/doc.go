// Package limiter decides what guesses at log-in cost and when the public form asks for more proof. It is pure: it is given what was charged before and what is
// tried now, and says what comes of it. Rows, keyed indexes and messages are auth/parent's; names and answers never come here, only opaque keys of them.
//
// The rules, in short. A wrong answer is a miss of each child that it was compared with. Misses are counted for the school, the child and the address they
// came from; while one of the three has no room, no answer is compared to any effect, and none is charged either: what was evaluated is what was charged. Names
// that no child has, wrong codes and requests for codes charge nothing that is shared. docs/login.md tells what this is worth.
package limiter
