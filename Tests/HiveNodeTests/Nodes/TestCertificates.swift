/// An authority and two certificates of it for localhost and 127.0.0.1, valid until 2126; good for tests only.
enum TestCertificates {
    static let authority = """
        -----BEGIN CERTIFICATE-----
        MIIBmjCCAUGgAwIBAgIUHgf7glmByvSRGRTTuxd3JC0peRswCgYIKoZIzj0EAwIw
        IjEgMB4GA1UEAwwXT3BlbkhpdmUgdGVzdCBhdXRob3JpdHkwIBcNMjYxMTIyMjEy
        ODMxWhgPMjEyNjEwMjkyMTI4MzFaMCIxIDAeBgNVBAMMF09wZW5IaXZlIHRlc3Qg
        YXV0aG9yaXR5MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEPPg25DqIWGX+DGuC
        gGg1V1lXE1TmzK6gYaDTCI1AkEmE1vGrE8KFUhRfF4SIeCMXEkPrGMHbFA7blPqb
        T/9VjqNTMFEwHQYDVR0OBBYEFLyhbeuiOjC5U0AXjj/p/C8dWVy0MB8GA1UdIwQY
        MBaAFLyhbeuiOjC5U0AXjj/p/C8dWVy0MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZI
        zj0EAwIDRwAwRAIgBMuUC26AWct7zqJ3G67N1mgOY213oCj4HN2D09ZbIpICIAs/
        lTP40sZzGMmNtK5IsRs3p7Y+f28W1L67PcVUyrG6
        -----END CERTIFICATE-----
        """

    static let first = (chain: firstChain, key: firstKey)
    static let second = (chain: secondChain, key: secondKey)

    private static let firstChain = """
        -----BEGIN CERTIFICATE-----
        MIIBozCCAUmgAwIBAgIUVCVJ/1m6LVKJZAyzX8cnxVhxvycwCgYIKoZIzj0EAwIw
        IjEgMB4GA1UEAwwXT3BlbkhpdmUgdGVzdCBhdXRob3JpdHkwIBcNMjYxMTIyMjEy
        ODMxWhgPMjEyNjEwMjkyMTI4MzFaMBQxEjAQBgNVBAMMCWxvY2FsaG9zdDBZMBMG
        ByqGSM49AgEGCCqGSM49AwEHA0IABJdLm+feIP1fk9oTk64UszSQLT/lIeCKAhWb
        wpwZgaX43IgMBGfbgbCBfxQt/Sh8NJGs++Nbf+qb8Z1dv8GtVrujaTBnMBoGA1Ud
        EQQTMBGCCWxvY2FsaG9zdIcEfwAAATAJBgNVHRMEAjAAMB0GA1UdDgQWBBRGgfUW
        lH3lUCg+lIuIW8NNcu7XEDAfBgNVHSMEGDAWgBS8oW3rojowuVNAF44/6fwvHVlc
        tDAKBggqhkjOPQQDAgNIADBFAiA7LeQkEwIj6HiP8Nza1i6iyeEQ7vIw92P2DrfF
        WI6+BAIhAOFNXdgNc+e0EW+H47Gt7CV+L6f7/BwhAs3N+6GOUOVx
        -----END CERTIFICATE-----
        """

    private static let firstKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgIAcJEYkzmeEtyQE3
        VET4avpiV5hUog2cGUAsp3KsPoOhRANCAASXS5vn3iD9X5PaE5OuFLM0kC0/5SHg
        igIVm8KcGYGl+NyIDARn24GwgX8ULf0ofDSRrPvjW3/qm/GdXb/BrVa7
        -----END PRIVATE KEY-----
        """

    private static let secondChain = """
        -----BEGIN CERTIFICATE-----
        MIIBozCCAUmgAwIBAgIUVCVJ/1m6LVKJZAyzX8cnxVhxvygwCgYIKoZIzj0EAwIw
        IjEgMB4GA1UEAwwXT3BlbkhpdmUgdGVzdCBhdXRob3JpdHkwIBcNMjYxMTIyMjEy
        ODMyWhgPMjEyNjEwMjkyMTI4MzJaMBQxEjAQBgNVBAMMCWxvY2FsaG9zdDBZMBMG
        ByqGSM49AgEGCCqGSM49AwEHA0IABOOFQtlGHYPIj083aKZ+K2nd2ud3PQWw52bV
        X9OIoQHPGI4M1N1Krbr5HxIriDmrUFtnFTQWWrx6MDhsJJFGfsKjaTBnMBoGA1Ud
        EQQTMBGCCWxvY2FsaG9zdIcEfwAAATAJBgNVHRMEAjAAMB0GA1UdDgQWBBRQ8umG
        Anw05nLr/N3jDwyWyBVSMzAfBgNVHSMEGDAWgBS8oW3rojowuVNAF44/6fwvHVlc
        tDAKBggqhkjOPQQDAgNIADBFAiBrBGyDyYtpeXYiHQg5kWexwcIk2KPgQTwNjAU3
        /xdzvgIhAPYwG1tW+5o8nlzHDvfivIBC3U4Bu0Y8lT1UfuF5OXe/
        -----END CERTIFICATE-----
        """

    private static let secondKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQguFfnkbxQjA20rjRQ
        vrplZwp8sRG+izQ5bCgF+wyuA2uhRANCAATjhULZRh2DyI9PN2imfitp3drndz0F
        sOdm1V/TiKEBzxiODNTdSq26+R8SK4g5q1BbZxU0Flq8ejA4bCSRRn7C
        -----END PRIVATE KEY-----
        """
}
