"""The camera's half: from bytes of a photo to readings of one protocol."""
