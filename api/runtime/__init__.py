"""What a worker holds: releases, scoring threads, caches."""
