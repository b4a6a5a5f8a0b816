"""What people write about themselves: masked before it is kept, kept for a limited time, shown and deleted on request.

docs/privacy.md describes it for the organisation.
"""
