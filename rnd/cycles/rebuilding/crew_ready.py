"""Django, set up: what the processes of a rebuild are born with. Each of them would otherwise set it up for itself."""

import django

from rnd.cycles.rebuilding import leash

leash.bind()
django.setup()
