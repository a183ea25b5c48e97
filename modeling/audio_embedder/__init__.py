"""VGGish: 128 numbers for how 0.96 seconds of music sound, and for a track."""
