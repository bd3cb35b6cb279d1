ota-sim rnu
