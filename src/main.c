/* main.c - wires the layers; nothing else. */
int main(void)
{
    return 0;
}
