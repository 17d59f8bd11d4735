"""What a page or a script is answered where something was not done, by what that means here."""

NOT_TAKEN = 422  # what was typed can't be taken as it is
TOO_LATE = 409  # something changed while it was typed
TOO_OFTEN = 429
