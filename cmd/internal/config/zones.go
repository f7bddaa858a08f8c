package config

import _ "time/tzdata"
