package main

// Time zones are needed everywhere, and a small container or a minimal machine has none of its own.
import _ "time/tzdata"
