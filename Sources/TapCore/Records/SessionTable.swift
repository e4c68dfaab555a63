/// What a session numbers.
enum SessionTable { case lines, devices, tags }
