"""What tracks sound like: hearing the audio library, and finding what sounds alike."""
