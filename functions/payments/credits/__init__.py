"""Credit notes: how an issued invoice is corrected or cancelled."""
