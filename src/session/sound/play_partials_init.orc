i__noise ftgen 9010, 0, 65536, -21, 1
i__noise ftgen 9011, 0, 65536, -21, 6
