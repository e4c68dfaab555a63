/// A time stamp that 'openssl ts' made, and the certificate that its authority's was signed with.
public enum StampExample {
    public static let text = """
        bench/press/simulated
        12
        g6qfBh1G4JtnizbESz971OC66EJjh1hvvWb7xtl3+yA=

        """

    /// When it was made, in seconds since 1970, within 1.5 s; its policy's accuracy.
    public static let time_s: UInt64 = 1_795_919_943

    public static let authority = """
        -----BEGIN CERTIFICATE-----
        MIIBnzCCAUWgAwIBAgIULLTSnzyjifnaW4VIbcQ6bE6HL4owCgYIKoZIzj0EAwIw
        JTEOMAwGA1UECgwFQmVuY2gxEzARBgNVBAMMCkJlbmNoIHJvb3QwHhcNMjYxMTI5
        MDIxMzU4WhcNMzYxMTI2MDIxMzU4WjAlMQ4wDAYDVQQKDAVCZW5jaDETMBEGA1UE
        AwwKQmVuY2ggcm9vdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABDAo3woMd9+C
        fyIaV7iV6epl7pLNJHb0Yrvs4Cp1VQgIqb92isWsjo9gmCfqccschNz5b4710ILk
        fFqFn4usZGijUzBRMB0GA1UdDgQWBBTNo+AFDi3jzjmCKjXEV7W48U2IzzAfBgNV
        HSMEGDAWgBTNo+AFDi3jzjmCKjXEV7W48U2IzzAPBgNVHRMBAf8EBTADAQH/MAoG
        CCqGSM49BAMCA0gAMEUCIG/Qj5YTqzSngPGar4d6x0XTfXRwgwNZQgVE+iqC1/nW
        AiEAhT9GuHbpAjqkqakhxGLff95mYOI1bmkebS/uC/cZiX8=
        -----END CERTIFICATE-----

        """

    /// In base64.
    public static let token = """
        MIIDpQYJKoZIhvcNAQcCoIIDljCCA5ICAQMxDzANBglghkgBZQMEAgEFADB2BgsqhkiG9w0BCRABBKBnBGUwYwIBAQYDKgMEMDEw
        DQYJYIZIAWUDBAIBBQAEILFOVIDkWfIjAWgir3degt+sfyIYwf6GcxmY3FNCYLBsAgEDGA8yMDI2MTEyOTAyMzkwM1owBwIBAYAC
        AfQCCQCPHkXtUIxFlKCCAbowggG2MIIBXKADAgECAhRNM+16QHmVgpRGF874gAlxgW0cVzAKBggqhkjOPQQDAjAlMQ4wDAYDVQQK
        DAVCZW5jaDETMBEGA1UEAwwKQmVuY2ggcm9vdDAeFw0yNjExMjkwMjEzNThaFw0yNzExMjkwMjEzNThaMCUxDjAMBgNVBAoMBUJl
        bmNoMRMwEQYDVQQDDApCZW5jaCB0aW1lMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEIDkUnGuTRrzRsPpdbsCue8z/nfByTxKw
        ZIvfhIVNK4cNYpjD63+kSIcRDgaHJi9+i/oimH6uHuzwvPDYoujpSaNqMGgwFgYDVR0lAQH/BAwwCgYIKwYBBQUHAwgwDgYDVR0P
        AQH/BAQDAgeAMB0GA1UdDgQWBBRq5oW0iQPVCpGCl7hgTYWECKxWVDAfBgNVHSMEGDAWgBTNo+AFDi3jzjmCKjXEV7W48U2IzzAK
        BggqhkjOPQQDAgNIADBFAiEA4d4UyM/PbZPlGqNyhalNmKr8SQwxg2jAHsNCAGdPYFYCIAgYnx0ytfk7vEHEY+CqYJmTsyhj4HZb
        uxxt2Dw0ypX9MYIBRDCCAUACAQEwPTAlMQ4wDAYDVQQKDAVCZW5jaDETMBEGA1UEAwwKQmVuY2ggcm9vdAIUTTPtekB5lYKURhfO
        +IAJcYFtHFcwDQYJYIZIAWUDBAIBBQCggZgwGgYJKoZIhvcNAQkDMQ0GCyqGSIb3DQEJEAEEMBwGCSqGSIb3DQEJBTEPFw0yNjEx
        MjkwMjM5MDNaMCsGCyqGSIb3DQEJEAIMMRwwGjAYMBYEFPfpbHg8csutLsSh3yis2+P8em+2MC8GCSqGSIb3DQEJBDEiBCCN4W33
        UcicjGJSfWL3VJC1J4ckrieQwxljFqIDGi96NDAKBggqhkjOPQQDAgRGMEQCICuMeq+nlcLwS0Q8LZUlfKoJtUJaGUgQxr9E1Ijs
        GNs2AiAMSqHSBASWS+r/VWzC6PZhThcUAb3KUYVI4puosM5xAg==
        """
}
