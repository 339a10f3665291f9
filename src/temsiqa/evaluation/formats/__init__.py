"""Test sets as others keep them. A module reads one kind of file, or knows the fields of one kind of record."""
