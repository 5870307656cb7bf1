/* main_of_subject.c - compiled into a project of somebody else's: the replay program of their subject. */
#include <expect100/outside.h>

int main(int argc, char **argv) {
  return e100_subject_main(&e100_own_subject, EXPECT100_DATA, argc, argv);
}
