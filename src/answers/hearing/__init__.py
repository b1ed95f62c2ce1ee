"""What a pupil says who does not answer: heard by stems, in both languages and both scripts."""
