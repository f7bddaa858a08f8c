// Package picture draws a picture that somebody handed in anew, as a small PNG: nothing of the file itself is kept, so neither what a camera wrote into it nor what an
// attacker hid in it goes any further. It looks at the size that a file says before it decodes a pixel. Services, rows and requests never live here.
package picture
