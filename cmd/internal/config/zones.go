package config

import _ "time/tzdata" // zones of schools must be known on a machine without them
