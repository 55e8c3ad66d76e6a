"""Guard: may it be said?"""
