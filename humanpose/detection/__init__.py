"""From pictures to one person's landmarks: find people, follow one, clean what was seen."""
