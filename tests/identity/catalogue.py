"""What identity tells the tests that hold for every context."""

CASES = 330
UNPREPARED = {
    "GET /api/v1/auth/google": "GoogleSignInNotConfigured",
    "GET /api/v1/auth/google/callback": "InvalidInput",
    "POST /api/v1/auth/invitation": "InvitationNotValid",
    "POST /api/v1/auth/join": "InvitationNotValid",
    "POST /api/v1/auth/login/otp": "InvalidMfaToken",
    "POST /api/v1/auth/otp/confirm": "SecondFactorNotFound",
    "POST /api/v1/auth/phone/confirm": "WrongCode",
    "POST /api/v1/auth/refresh": "InvalidRefreshToken",
    "POST /api/v1/auth/register": "EmailTaken",
    "POST /api/v1/auth/switch": "MembershipNotFound",
    "POST /api/v1/auth/verify": "WrongCode",
    # Nobody has the id of the backup in the example.
    "PUT /api/v1/out-of-office": "InvalidInput",
    "DELETE /api/v1/auth/otp": "SecondFactorNotFound",
    "DELETE /api/v1/auth/phone": "PhoneNotFound",
}
"""What the owner is told where something must have happened before, which the tests of each of them make happen."""
