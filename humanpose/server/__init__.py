"""What the app does without Streamlit: its folder, its jobs, and the processes behind them."""
