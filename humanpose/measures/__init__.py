"""What curves come to: ranges, cycles, repetitions, gait, and two movements compared."""
