"""Premium: what is sold for Telegram Stars, what came in, and who has it until when."""
