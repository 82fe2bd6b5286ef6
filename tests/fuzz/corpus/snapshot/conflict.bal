<<<<<<< ours
// persist snapshot 1
=======
>>>>>>> theirs
