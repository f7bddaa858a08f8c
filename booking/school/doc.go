// Package school keeps schools: made, changed, their log-in policy and their channels with the test message. What ends a school is package erasure's.
package school
